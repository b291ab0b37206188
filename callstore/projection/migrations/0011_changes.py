from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("projection", "0010_words")]
    operations = [
        migrations.RunSQL((SQL / "0011_changes.up.sql").read_text(), "DROP TABLE call_change"),
    ]
