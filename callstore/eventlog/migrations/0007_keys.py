from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0006_months")]
    operations = [sqlfile.migration("0007_keys")]
