from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0013_heads")]
    operations = [sqlfile.migration("0014_open_homes")]
