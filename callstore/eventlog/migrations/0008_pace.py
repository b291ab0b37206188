from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0007_keys")]
    operations = [sqlfile.migration("0008_pace")]
