from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    # The role that is granted something is made by the log's.
    dependencies = [("projection", "0001_initial"), ("eventlog", "0003_grants")]
    operations = [
        migrations.RunSQL(
            (SQL / "0002_rebuild.up.sql").read_text(), (SQL / "0002_rebuild.down.sql").read_text()
        )
    ]
