from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0001_log")]
    operations = [sqlfile.migration("0002_guard")]
