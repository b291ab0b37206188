from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("projection", "0018_unpacked_names")]
    operations = [
        migrations.RunSQL(
            (SQL / "0019_sheets.up.sql").read_text(), "DROP TABLE call_sheet; DROP TABLE call_sheet_late"
        ),
    ]
