from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0010_known")]
    operations = [sqlfile.migration("0011_since")]
