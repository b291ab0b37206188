from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0015_offers")]
    operations = [sqlfile.migration("0016_place")]
