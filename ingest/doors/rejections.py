"""Counting refusals, one row a door, reason, likeness and day, and saying them: silence would be all that a
wrong PUBLIC_BASE_URL ever shows."""

import logging
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from time import time

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from callstore.base.seldom import LONGEST, Seldom
from callstore.health.refusals import DAY, Refusal
from ingest.doors import counted
from ingest.providers.provider import Refused, discovered

log = logging.getLogger(__name__)

MOST_REASONS = 20  # of a door; a provider that writes what came into its reason must not fill the table
OTHER = "other reasons"
LONGEST_REASON = 80
_COUNT = """
INSERT INTO ingest_rejection AS r (door, reason, looks_like, day, count, first_at, last_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (door, reason, looks_like, day) DO UPDATE SET count = r.count + excluded.count,
  first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at)
"""

_RECENT = """
SELECT door, reason, looks_like, sum(count), min(first_at), max(last_at) FROM ingest_rejection
WHERE last_at > %s
GROUP BY door, reason, looks_like ORDER BY door, sum(count) DESC, reason
"""

_seldom = Seldom()
_lock = Lock()
_noted: dict[tuple[str, str, str, date], tuple[int, datetime, datetime]] = {}
_reasons: dict[str, set[str]] = {}


def note(door: str, refused: Refused, received_at: float) -> None:
    """Remembers one until the next `flush`, and says so once a minute: a refusal costs no database."""
    reason = _bounded(door, str(refused))
    counted.refused(door, reason)
    if times := _seldom.due((door, reason)):
        often = f" ({times} times)" if times > 1 else ""
        why = f" {refused.seen}." if refused.seen else ""
        log.warning("refused at %s: %s%s;%s %s", door, reason, often, why, _remedy(door, reason))
    at = datetime.fromtimestamp(received_at, UTC)
    key = door, reason, refused.looks_like, at.date()
    with _lock:
        times, first, last = _noted.get(key, (0, at, at))
        _noted[key] = times + 1, min(first, at), max(last, at)


def flush() -> bool:
    """Writes what was noted; whether anything was. A count that cannot be written is logged and lost."""
    with _lock:
        noted = dict(_noted)
        _noted.clear()
    try:
        for key, counted in noted.items():
            with connection.cursor() as cursor:
                cursor.execute(_COUNT, [*key, *counted])
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        if _seldom.due("not counted"):
            log.warning("refusals were not counted: %s", str(error)[:LONGEST])
    return bool(noted)


def recent(within: timedelta = DAY) -> list[Refusal]:
    """What was refused within the last day, or so long a time, and how often since that day began.

    Raises django.db.DatabaseError.
    """
    after = datetime.fromtimestamp(time(), UTC) - within
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, [after])
        rows = cursor.fetchall()
    return [
        Refusal(door, reason, int(times), since, last_at, _remedy(door, reason), looks_like)
        for door, reason, looks_like, times, since, last_at in rows
    ]


def _bounded(door: str, reason: str) -> str:
    reason, known = reason[:LONGEST_REASON], _reasons.setdefault(door, set())
    if reason not in known and len(known) >= MOST_REASONS:
        return OTHER
    known.add(reason)
    return reason


def _remedy(door: str, reason: str) -> str:
    provider = discovered().get(door)
    text = provider.remedies.get(reason, "") if provider else ""
    return text.replace("{PUBLIC_BASE_URL}", settings.PUBLIC_BASE_URL or "not set")
