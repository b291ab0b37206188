"""Counts of what came, a row a source, slot of time and class of lateness; each fact is counted once.

Beat counts on from where it came to; who reads adds what has come since.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from callstore.eventlog.reading import feed, tally
from callstore.eventlog.reading.feed import Cursor
from callstore.eventlog.reading.tally import Arrived
from callstore.eventlog.reading.tally import Oddity as Kind
from ingest.arrivals import repeats
from ingest.models import Arrival, Oddity

NAME = "arrivals"  # of our place in the feed
PAGE = 20_000
PAGES = 30  # a round; a log that is counted for the first time takes several
KEPT, SHOWN = timedelta(days=15), timedelta(days=1)  # counts, and where what came oddly stands
ATTEMPTS = 3
NOT_YET = 50_000  # facts that a reader adds at most
_ADD = """
INSERT INTO ingest_arrival AS a (source, slot, late, count, unknown, disordered, last_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (source, slot, late) DO UPDATE SET count = a.count + excluded.count,
  unknown = a.unknown + excluded.unknown, disordered = a.disordered + excluded.disordered,
  last_at = greatest(a.last_at, excluded.last_at)
"""


def count() -> int:
    """Count what is new in the feed; in how many pages. Two that count at once count once.

    Raises callstore.eventlog.reading.feed.OtherCluster, and django.db.DatabaseError.
    """
    now = datetime.now(UTC)
    Arrival.objects.filter(slot__lt=now - KEPT).delete()
    Oddity.objects.filter(slot__lt=now - SHOWN).delete()
    repeats.forget(now - KEPT)
    for page in range(PAGES):
        if not _counted():
            return page
    return PAGES


def read() -> list[Arrived]:
    """All counts, those included that beat has not come to. Raises django.db.DatabaseError."""
    fields = ("source", "slot", "late", "count", "unknown", "disordered", "last_at")
    place = feed.cursor_of(NAME)
    for _ in range(ATTEMPTS):
        counted = [Arrived(*row) for row in Arrival.objects.values_list(*fields)]
        before, place = place, feed.cursor_of(NAME)
        if before == place:  # beat has not counted on meanwhile
            break
    return counted + tally.behind(place, NOT_YET, KEPT.total_seconds())


def odd(source: str, kind: Kind, most: int) -> list[Cursor]:
    """Where the last facts of a source stand that came so oddly within the day, the newest first.

    Of each slot of time no more than `tally.SHOWN`. Raises django.db.DatabaseError.
    """
    since = datetime.now(UTC) - SHOWN
    rows = Oddity.objects.filter(source=source, kind=kind, slot__gt=since)
    kept = {Cursor(*row) for row in rows.order_by("-slot", "-position").values_list(*Cursor._fields)[:most]}
    new = tally.behind(feed.cursor_of(NAME), NOT_YET, SHOWN.total_seconds())
    places = kept.union(*(each.odd.get(kind, ()) for each in new if each.source == source))
    return sorted(places, reverse=True)[:most]


def _counted() -> bool:
    before = feed.cursor_of(NAME)
    arrived, last = tally.in_the_feed(before, PAGE, KEPT.total_seconds())
    if last is None:
        return False
    with transaction.atomic():
        if not feed.advance(NAME, before, last):
            return False
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, sorted(row[:-1] for row in arrived))
        Oddity.objects.bulk_create(_oddities(arrived), ignore_conflicts=True)
    return True


def _oddities(arrived: Iterable[Arrived]) -> Iterator[Oddity]:
    for each in arrived:
        for kind, places in each.odd.items():
            yield from (
                Oddity(source=each.source, kind=kind, slot=each.slot, **at._asdict()) for at in places
            )
