from typing import Any

from django.db import connection, migrations, transaction

from callstore.projection.words import periods
from callstore.projection.words.said import Words

AT_ONCE = 200  # calls of a transaction: readers and writers wait for no more than one of them
NEXT = (
    "SELECT call_id, started_at, caller, agent, ids FROM call_words WHERE call_id > %s"
    " ORDER BY call_id LIMIT %s FOR UPDATE"
)
SET = "UPDATE call_words SET tokens = %s WHERE call_id = %s"
# Of most calls nobody asked whether a machine picked up, and to see that of a document it must be read.
ANSWERED = (
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS call_answered ON call (started_at, call_id)"
    " WHERE document @? '$.legs[*].answered_by ? (@ != null)'"
)


def fill(apps: Any, schema_editor: Any) -> None:
    """Give words that are kept the tokens that are looked for now; those of before are among them."""
    last, done = "00000000-0000-0000-0000-000000000000", False
    while not done:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(NEXT, [last, AT_ONCE])
            rows = cursor.fetchall()
            cursor.executemany(SET, [[_tokens(*rest), call_id] for call_id, *rest in rows])
        last, done = (str(rows[-1][0]) if rows else last), not rows


def _tokens(started_at: Any, *said: str) -> list[int]:
    return sorted({*Words(*said).tokens(), *periods.of_start(started_at)})


class Migration(migrations.Migration):
    atomic = False  # filled slice by slice while others read and write

    dependencies = [("projection", "0013_facets")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(ANSWERED, "DROP INDEX CONCURRENTLY IF EXISTS call_answered"),
    ]
