from pathlib import Path

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from callstore.projection.models import words

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    atomic = False  # filled slice by slice while others read and write, and indexed beside them

    dependencies = [("projection", "0003_across")]
    operations = [
        migrations.RunSQL(
            (SQL / "0004_ids.up.sql").read_text(),
            "ALTER TABLE call DROP COLUMN ids",
            state_operations=[migrations.AddField("callrow", "ids", words())],
        ),
        migrations.RunSQL((SQL / "0004_ids.fill.sql").read_text(), migrations.RunSQL.noop),
        AddIndexConcurrently("callrow", GinIndex(fields=["ids"], name="call_ids")),
    ]
