"""Counting refusals, one row a door, reason and day, and saying them: silence would be all that a wrong
PUBLIC_BASE_URL ever shows."""

import logging
from datetime import UTC, datetime, timedelta
from time import time

from django.conf import settings
from django.db import DatabaseError, connection

from callstore.base.seldom import LONGEST, Seldom
from callstore.health.refusals import Refusal
from ingest.providers.provider import Refused, discovered

log = logging.getLogger(__name__)

MOST_REASONS = 20  # of a door; a provider that writes what came into its reason must not fill the table
OTHER = "other reasons"
LONGEST_REASON = 80
RECENT = timedelta(days=1)
_COUNT = """
INSERT INTO ingest_rejection AS r (door, reason, day, count, first_at, last_at) VALUES (%s, %s, %s, 1, %s, %s)
ON CONFLICT (door, reason, day) DO UPDATE SET count = r.count + 1,
  first_at = least(r.first_at, excluded.first_at), last_at = greatest(r.last_at, excluded.last_at)
"""

_RECENT = """
SELECT door, reason, sum(count), min(first_at) FROM ingest_rejection WHERE last_at > %s
GROUP BY door, reason ORDER BY door, sum(count) DESC, reason
"""

_seldom = Seldom()
_reasons: dict[str, set[str]] = {}


def count(door: str, refused: Refused, received_at: float) -> None:
    """Adds one, and says so once a minute. A count that cannot be written is logged and lost: a refusal
    needs no database."""
    reason = _bounded(door, str(refused))
    if times := _seldom.due((door, reason)):
        often = f" ({times} times)" if times > 1 else ""
        why = f" {refused.seen}." if refused.seen else ""
        log.warning("refused at %s: %s%s;%s %s", door, reason, often, why, _remedy(door, reason))
    at = datetime.fromtimestamp(received_at, UTC)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [door, reason, at.date(), at, at])
    except DatabaseError as error:
        if _seldom.due("not counted"):
            log.warning("a refusal at %s was not counted: %s", door, str(error)[:LONGEST])


def recent() -> list[Refusal]:
    """What was refused within the last day, and how often since it began. Raises django.db.DatabaseError."""
    after = datetime.fromtimestamp(time(), UTC) - RECENT
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, [after])
        rows = cursor.fetchall()
    return [Refusal(door, reason, int(n), since, _remedy(door, reason)) for door, reason, n, since in rows]


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
