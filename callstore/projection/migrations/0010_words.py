from pathlib import Path
from typing import Any

import orjson
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models, transaction

from callstore.projection.models import words
from callstore.projection.row import TOLD, row
from callstore.projection.words import store

SQL = Path(__file__).parents[1] / "sql"
AT_ONCE = 200  # calls of a transaction: readers and writers wait for no more than one of them
NEXT = (
    "SELECT call_id, version, document::text FROM call WHERE call_id > %s"
    " ORDER BY call_id LIMIT %s FOR UPDATE"
)
SET = f"UPDATE call SET {', '.join(f'{name} = %s' for name in TOLD)} WHERE call_id = %s"


def fill(apps: Any, schema_editor: Any) -> None:
    """Enter what is told and said in the stored documents; what is saved in between brings its own."""
    last, done = "00000000-0000-0000-0000-000000000000", False
    while not done:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(NEXT, [last, AT_ONCE])
            rows = [row(call_id, version, orjson.loads(text)) for call_id, version, text in cursor.fetchall()]
            cursor.executemany(SET, [[*(each[name] for name in TOLD), each["call_id"]] for each in rows])
            store.save(rows)
        last, done = (str(rows[-1]["call_id"]) if rows else last), not rows


class Migration(migrations.Migration):
    atomic = False  # filled slice by slice while others read and write, and indexed beside them

    dependencies = [("projection", "0009_review_indexes")]
    operations = [
        migrations.RunSQL(
            (SQL / "0010_words.up.sql").read_text(),
            (SQL / "0010_words.down.sql").read_text(),
            state_operations=[
                *(migrations.AddField("callrow", name, words()) for name in TOLD),
                migrations.CreateModel(
                    "CallWords",
                    [
                        ("call_id", models.UUIDField(primary_key=True, serialize=False)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("caller", models.TextField()),
                        ("agent", models.TextField()),
                        ("ids", models.TextField()),
                        ("tokens", ArrayField(models.IntegerField())),
                    ],
                    options={"db_table": "call_words"},
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveField("callrow", "search_text"),
        AddIndexConcurrently(
            "callwords", GinIndex(fields=["tokens"], name="call_words_tokens", fastupdate=False)
        ),
        AddIndexConcurrently("callwords", models.Index(fields=["started_at"], name="call_words_start")),
        AddIndexConcurrently("callrow", GinIndex(fields=list(TOLD), name="call_told")),
    ]
