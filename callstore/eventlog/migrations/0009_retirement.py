from django.db import migrations

from callstore.eventlog import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0008_pace")]
    operations = [sqlfile.migration("0009_retirement")]
