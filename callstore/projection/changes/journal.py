"""The journal of changed calls: noted in the statement that saves them, read from a position, trimmed by age.

A position is the oldest transaction that ran when it was taken. What was not committed then lies after it,
and perhaps some of what was: who reads from a position may read a change twice, and misses none.
"""

import re
import time
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from django.db import DatabaseError

from callstore.eventlog.db.statement import run, run_each
from callstore.projection.sheets.periods import NOTE_LATE

CHANNEL = "callstore_calls"  # told that something changed, and not what
KEPT_S = 900
KNOWN_S = KEPT_S - 60  # of a position that is older, something may have been trimmed
ANNOUNCED_EVERY_S = 0.1
WRITTEN = re.compile(r"(\d{1,19})-(\d{1,12})", re.ASCII)

# A second set of read models, which a rebuild fills, is looked at by nobody.
NOTED = (
    "WITH written AS ({} RETURNING call_id, started_at), late AS (" + NOTE_LATE + ")"
    " INSERT INTO call_change (call_id) SELECT call_id FROM written WHERE current_schema() <> 'rebuild'"
)
ANY_CALL = "INSERT INTO call_change (call_id) VALUES (NULL)"
TRIM = "DELETE FROM call_change WHERE changed_at < now() - %s * interval '1 s'"
OLDEST = "pg_snapshot_xmin({})::text::bigint"
NOW = f"SELECT {OLDEST.format('pg_current_snapshot()')}, extract(epoch FROM now())::bigint"
SINCE = "SELECT DISTINCT call_id FROM call_change WHERE transaction >= %s::text::xid8 LIMIT %s"


class Position(NamedTuple):
    """A place in the journal: a transaction's number, and when (epoch seconds) it was the oldest."""

    transaction: int
    at: int

    def __str__(self) -> str:
        return f"{self.transaction}-{self.at}"

    @classmethod
    def read(cls, text: str | None) -> "Position | None":
        """The position that was written so; None for none, nonsense, and one of which too little is kept."""
        found = WRITTEN.fullmatch(text or "")
        known = cls(int(found[1]), int(found[2])) if found else None
        return known if known and abs(time.time() - known.at) < KNOWN_S else None


def noting(statement: str) -> str:
    """A statement that writes or removes rows of `call`, so that it enters their ids, too: one round trip.

    Of calls that began twelve hours ago or earlier it notes that what was counted of them holds no longer.
    """
    return NOTED.format(statement)


def note_any() -> None:
    """Enter that any call may have changed."""
    run_each(ANY_CALL, [[]])


def position() -> Position:
    """Where the journal ends now. Take it before what it is to follow is read."""
    return Position(*run(NOW, [])[0])


def since(start: Position, most: int) -> list[UUID] | None:
    """Up to `most` calls that changed since; None where it is not known which: any may have.

    None, too, for a position of another server, whose transactions had reached a higher number.
    """
    if start.transaction > position().transaction:
        return None
    found = [call_id for (call_id,) in run(SINCE, [str(start.transaction), most + 1])]
    return None if None in found or len(found) > most else found


def trim() -> None:
    """Remove what is older than any page is told of."""
    run_each(TRIM, [[KEPT_S]])


_announced = float("-inf")


def announce() -> None:
    """Tell who follows that something changed, at most ten times a second; after the commit, never in it.

    To notify takes a lock that all who notify wait for until they have committed. Who was told reads on for
    as long as nothing need be announced (follow.py). Never raises: the save itself is done.
    """
    global _announced
    if (now := time.monotonic()) - _announced < ANNOUNCED_EVERY_S:
        return
    _announced = now
    with suppress(DatabaseError):  # such as a full queue; whoever follows looks now and then by itself
        run("SELECT pg_notify(%s, '')", [CHANNEL])
