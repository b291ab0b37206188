"""What was told or fetched again, counted in memory by who notices it and written now and then.

A fact that the log had leaves nothing there, so that whoever appends says so.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from threading import Lock
from time import time
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, connection

from callstore.base.seldom import LONGEST, Seldom
from callstore.domain.facts.record import Draft
from callstore.eventlog.reading.tally import OBSERVER_KEYS, SLOT_S, SOURCE
from ingest.models import Repeat

log = logging.getLogger(__name__)
TOLD_AGAIN, FETCHED, FETCHED_AGAIN = "told_again", "fetched", "fetched_again"
# The source is named by what names it of the log's rows.
_TOLD = f"""
INSERT INTO ingest_repeat AS r (source, slot, what, count)
SELECT name, slot, '{TOLD_AGAIN}', sum(count) FROM (
  SELECT {SOURCE} AS name, date_bin('{SLOT_S} s', to_timestamp(at), '2000-01-01Z') AS slot, count
  FROM (VALUES (%s::text, %s::text, %s::int, %s::text, %s::float8, %s::bigint))
    AS told (source, type, clock, dedup_key, at, count), (VALUES ('{{}}'::jsonb)) AS no (facts)
) AS named WHERE name IS NOT NULL GROUP BY name, slot
ON CONFLICT (source, slot, what) DO UPDATE SET count = r.count + excluded.count
"""
_FETCHED = f"""
INSERT INTO ingest_repeat AS r (source, slot, what, count)
VALUES (%s, date_bin('{SLOT_S} s', to_timestamp(%s), '2000-01-01Z'), %s, %s)
ON CONFLICT (source, slot, what) DO UPDATE SET count = r.count + excluded.count
"""


class _Told(NamedTuple):
    """What a source is told by, and when, as exactly as a slot of time."""

    source: str
    type: str
    clock: int
    key: str
    at: float


class Repeated(NamedTuple):
    """So often in a slot of time a source told again, or fetched."""

    source: str
    slot: datetime
    what: str  # TOLD_AGAIN, FETCHED or FETCHED_AGAIN
    times: int


_lock = Lock()
_told: Counter[_Told] = Counter()
_fetched: Counter[tuple[str, float, str]] = Counter()
_seldom = Seldom()


def appended(drafts: Sequence[Draft], positions: Iterable[int | None]) -> None:
    """Note which of these the log had already, by the positions that `append` gave. Asks nobody."""
    again = [draft for draft, position in zip(drafts, positions, strict=True) if position is None]
    if again:
        with _lock:
            _told.update(map(_of, again))


def fetched(source: str, *, again: bool) -> None:
    """Note a try to fetch something for a source, `again` after one that failed. Asks nobody."""
    slot = time() // SLOT_S * SLOT_S
    with _lock:
        _fetched[source, slot, FETCHED] += 1
        if again:
            _fetched[source, slot, FETCHED_AGAIN] += 1


def flush() -> bool:
    """Write what was noted; whether anything was. A count that cannot be written is logged and lost."""
    if not (_told or _fetched):
        return False
    with _lock:
        told, fetches = dict(_told), dict(_fetched)
        _told.clear()
        _fetched.clear()
    try:
        with connection.cursor() as cursor:
            for row, count in sorted(told.items()):
                cursor.execute(_TOLD, [*row, count])
            for fetch, count in sorted(fetches.items()):
                cursor.execute(_FETCHED, [*fetch, count])
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        if _seldom.due("not counted"):
            log.warning("what came again was not counted: %s", str(error)[:LONGEST])
    return True


def read() -> list[Repeated]:
    """Every count, those left out that were not written yet. Raises django.db.DatabaseError."""
    rows = Repeat.objects.values_list("source", "slot", "what", "count")
    return [Repeated(*row) for row in rows]


def forget(before: datetime) -> None:
    """Drop what was counted before then. Raises django.db.DatabaseError."""
    Repeat.objects.filter(slot__lt=before).delete()


def _of(draft: Draft) -> _Told:
    key = OBSERVER_KEYS if draft.key.startswith(OBSERVER_KEYS) else ""
    at = draft.received_at // SLOT_S * SLOT_S
    return _Told(draft.source, draft.event.TYPE, int(draft.occurred.clock), key, at)
