from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0016_place")]
    operations = [sqlfile.migration("0017_leader")]
