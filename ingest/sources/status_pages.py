"""The status pages as a source: they are asked, so that silence is ours, and no news is good news."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from callstore.eventlog.reading.tally import Arrived
from callstore.health.sources import Source
from ingest.feeds import state
from ingest.models import Feed
from ingest.sources import numbers
from ingest.sources.judging import Judgement, Traffic
from ingest.sources.known import Known

KNOWN = Known("status_feeds", "Providers' status pages")
ASK = "Does the process fetcher run, and may this host call out?"


def source(rows: Sequence[Arrived], now: datetime) -> Source:
    """The state of the worst page. Raises django.db.DatabaseError."""
    hour = numbers.hour_from(now)
    lately = [each for each in rows if each.slot >= hour]
    traffic = Traffic(
        now=now,
        last_at=max((each.last_at for each in rows), default=None),
        count=sum(each.facts for each in lately),
        past=(),
    )
    return numbers.laid_out(KNOWN, traffic, _judged(now), rows, (), ())


def _judged(now: datetime) -> Judgement:
    if not settings.STATUS_FEEDS:
        return Judgement("off", "No page is asked.", "STATUS_FEEDS=https://status.openai.com/…,…")
    pages = list(Feed.objects.defer("listed"))
    asked = max((page.checked_at for page in pages), default=None)
    if asked is None or now - asked > state.QUIET:
        return Judgement("silent", "No page was asked in the last ten minutes.", ASK)
    if failing := [page for page in pages if page.failed_at]:
        first = failing[0]
        why = f"{len(failing)} of {len(pages)} pages cannot be read: {state.name(first.url)} {first.error}."
        return Judgement("late", why, ASK)
    return Judgement(
        "ok", f"{len(pages)} page{'' if len(pages) == 1 else 's'} asked once a minute, and read."
    )
