"""The log in one order without gaps: for seals, exports and live tails. Projections need none of it.

Positions are drawn before their transactions commit and in no relation to them, so a reader that
remembers the last position it saw misses whatever commits late. Here events follow each other by
transaction, and only transactions that no running one can precede are shown.
"""

from typing import NamedTuple
from uuid import UUID

from callstore.eventlog.db.statement import run


class Cursor(NamedTuple):
    """A place in the feed; it compares as the feed is ordered. `xid` counts within its epoch."""

    epoch: int
    xid: int
    position: int


BEGINNING = Cursor(-(2**15), 0, 0)  # a smallint's smallest: nobody hides an event before it

PAGE = """
SELECT epoch, xid::text::bigint, position, trace_id, subject, source, type, row_sha
FROM log.feed(%s::smallint, %s::text::xid8, %s::bigint, %s::bigint, true)
"""


class Entry(NamedTuple):
    """An event of the feed; read.py has the rest of it."""

    at: Cursor
    trace: UUID
    subject: str
    source: str
    type: str
    row_sha: bytes


class OtherCluster(Exception):
    """The log was restored into a cluster whose transactions do not follow those of the log."""


def feed(after: Cursor, limit: int = 1000) -> list[Entry]:
    """Up to `limit` events behind a place, in order. What is not here yet will come behind the last of them.

    An open writing transaction anywhere in the cluster holds back what began after it. Raises
    OtherCluster, and django.db.DatabaseError.
    """
    if why := fault():
        raise OtherCluster(why)
    return [Entry(Cursor(*row[:3]), *row[3:]) for row in run(PAGE, [*parameters(after), limit])]


def fault() -> str | None:
    """Why transaction numbers no longer tell which event came first; None while they do."""
    [(why,)] = run("SELECT log.epoch_fault()", [])
    return f"{why}: run `manage.py migrate`, which begins a new epoch" if why else None


def cursor_of(name: str) -> Cursor:
    """Where the reader of this name has come to; a new one is at the beginning."""
    rows = run("SELECT epoch, xid::text::bigint, position FROM log.feed_cursor WHERE name = %s", [name])
    return Cursor(*rows[0]) if rows else BEGINNING


def advance(name: str, before: Cursor, now: Cursor) -> bool:
    """Note how far a reader has come. False if it no longer stood at `before`: another one reads as it."""
    moved = run(
        "INSERT INTO log.feed_cursor AS c (name, epoch, xid, position)"
        " SELECT %s::text, %s::smallint, %s::text::xid8, %s::bigint"
        " WHERE %s OR EXISTS (SELECT FROM log.feed_cursor WHERE name = %s)"
        " ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, xid = excluded.xid,"
        " position = excluded.position, updated_at = excluded.updated_at"
        " WHERE (c.epoch, c.xid, c.position) = (%s::smallint, %s::text::xid8, %s::bigint) RETURNING 1",
        [name, *parameters(now), before == BEGINNING, name, *parameters(before)],
    )
    return bool(moved)


def parameters(cursor: Cursor) -> tuple[int, str, int]:
    """A cursor as parameters: psycopg has no xid8."""
    return cursor.epoch, str(cursor.xid), cursor.position
