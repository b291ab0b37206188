from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0002_guard")]
    operations = [sqlfile.migration("0003_grants")]
