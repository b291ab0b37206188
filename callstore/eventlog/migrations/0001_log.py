from django.db import migrations

from callstore.eventlog import sqlfile


class Migration(migrations.Migration):
    initial = True
    operations = [sqlfile.migration("0001_log")]
