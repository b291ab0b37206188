from django.db import migrations

from callstore.eventlog import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0004_feed")]
    operations = [sqlfile.migration("0005_seal")]
