from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0005_seal")]
    operations = [sqlfile.migration("0006_months")]
