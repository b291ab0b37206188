"""Counts of what came, a row a source, slot of time and class of lateness; each fact is counted once.

Beat counts on from where it came to; who reads adds what has come since.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from callstore.eventlog.reading import feed, tally
from callstore.eventlog.reading.tally import Arrived
from ingest.models import Arrival

NAME = "arrivals"  # of our place in the feed
PAGE = 20_000
PAGES = 30  # a round; a log that is counted for the first time takes several
KEPT = timedelta(days=15)
ATTEMPTS = 3
NOT_YET = 50_000  # facts that a reader adds at most
_ADD = """
INSERT INTO ingest_arrival AS a (source, slot, late, count, unknown, last_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (source, slot, late) DO UPDATE SET count = a.count + excluded.count,
  unknown = a.unknown + excluded.unknown, last_at = greatest(a.last_at, excluded.last_at)
"""


def count() -> int:
    """Count what is new in the feed; in how many pages. Two that count at once count once.

    Raises callstore.eventlog.reading.feed.OtherCluster, and django.db.DatabaseError.
    """
    Arrival.objects.filter(slot__lt=datetime.now(UTC) - KEPT).delete()
    for page in range(PAGES):
        if not _counted():
            return page
    return PAGES


def read() -> list[Arrived]:
    """All counts, those included that beat has not come to. Raises django.db.DatabaseError."""
    fields = ("source", "slot", "late", "count", "unknown", "last_at")
    place = feed.cursor_of(NAME)
    for _ in range(ATTEMPTS):
        counted = [Arrived(*row) for row in Arrival.objects.values_list(*fields)]
        before, place = place, feed.cursor_of(NAME)
        if before == place:  # beat has not counted on meanwhile
            break
    return counted + tally.behind(place, NOT_YET, KEPT.total_seconds())


def _counted() -> bool:
    before = feed.cursor_of(NAME)
    arrived, last = tally.in_the_feed(before, PAGE, KEPT.total_seconds())
    if last is None:
        return False
    with transaction.atomic():
        if not feed.advance(NAME, before, last):
            return False
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, sorted(arrived))
    return True
