from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0014_open_homes")]
    operations = [sqlfile.migration("0015_offers")]
