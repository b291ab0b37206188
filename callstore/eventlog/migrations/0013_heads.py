from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0012_operator")]
    operations = [sqlfile.migration("0013_heads")]
