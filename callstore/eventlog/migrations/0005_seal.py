from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0004_feed")]
    operations = [sqlfile.migration("0005_seal")]
