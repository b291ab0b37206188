from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0009_retirement")]
    operations = [sqlfile.migration("0010_known")]
