from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0011_since")]
    operations = [sqlfile.migration("0012_operator")]
