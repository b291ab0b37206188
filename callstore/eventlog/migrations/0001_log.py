from django.db import migrations

from callstore.eventlog.db import sqlfile


class Migration(migrations.Migration):
    initial = True
    operations = [sqlfile.migration("0001_log")]
