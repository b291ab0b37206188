"""What only the owner of the tables can do: lift the guard. The tests of the proof do it for real."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from django.db import connection

GUARDED = (
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname IN ('append_only', 'not_early')"
)


BEHIND = """
SELECT max(xid) >= pg_snapshot_xmin(pg_current_snapshot()) FROM log.event
WHERE epoch = (SELECT max(epoch) FROM log.epoch)
"""


def sql(statement: str, *parameters: object) -> list[tuple]:
    """All rows of a statement, or none."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the triggers that refuse a change."""
    triggers = sql(GUARDED)
    for table, trigger in triggers:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    try:
        yield
    finally:
        for table, trigger in triggers:
            sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def await_feed() -> None:
    """Return when the feed shows all that is committed: tests of other databases may hold the fence."""
    deadline = monotonic() + 60
    while sql(BEHIND)[0][0]:
        assert monotonic() < deadline, "somebody in the cluster keeps a transaction open"
        sleep(0.01)


def empty() -> None:
    """The log as if nothing had ever happened."""
    with unguarded():
        sql(
            "TRUNCATE log.event, log.stream, log.call_key, log.conflict, log.head, log.seal, log.feed_cursor,"
            " log.retirement, log.retired, log.leader"
        )
