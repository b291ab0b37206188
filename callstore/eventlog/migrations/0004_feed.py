from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0003_grants")]
    operations = [sqlfile.migration("0004_feed")]
