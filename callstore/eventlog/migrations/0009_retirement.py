from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0008_pace")]
    operations = [sqlfile.migration("0009_retirement")]
