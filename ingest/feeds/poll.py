"""One round of asking: each feed is fetched, read and kept for itself; what goes wrong stays in its row."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import InterfaceError, OperationalError

from callstore.domain.facts.record import Draft
from callstore.eventlog.writing.append import append
from ingest.dialects import status_page
from ingest.dialects.status_page import NoIncidents, Page
from ingest.feeds.fetch import Asked, FeedFailed, Fetched, fetch_all
from ingest.feeds.state import name
from ingest.models import Feed

log = logging.getLogger(__name__)

Listed = dict[str, tuple[str, bool]]  # external id → the key of its last revision, and whether that is over


@dataclass(frozen=True, slots=True)
class Taken:
    """What an answer came to: the facts to keep, what the page lists now, and what of it was left out."""

    drafts: tuple[Draft, ...]
    listed: Listed
    note: str = ""


def poll(urls: Sequence[str]) -> int:
    """Ask these feeds, keep what is new, and give how many facts that was; other feeds are forgotten.

    Raises django.db.DatabaseError where our own database is away.
    """
    wanted = list(dict.fromkeys(urls))
    Feed.objects.exclude(url__in=wanted).delete()
    rows = Feed.objects.in_bulk(wanted)
    known = [rows.get(url) or Feed(url=url) for url in wanted]
    answers = fetch_all([Asked(row.url, row.etag, row.modified) for row in known])
    return sum(_keep(row, answer, time.time()) for row, answer in zip(known, answers, strict=True))


def _keep(row: Feed, answer: Fetched | FeedFailed, now: float) -> int:
    row.checked_at = datetime.fromtimestamp(now, UTC)
    try:
        new = _take(row, answer, now)
        row.ok_at, row.failed_at, row.error = row.checked_at, None, ""
    except (FeedFailed, NoIncidents) as error:
        new = 0
        _failed(row, f"is {error}" if isinstance(error, NoIncidents) else str(error))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("the status feed %s could not be taken", name(row.url))
        new = 0
        _failed(row, f"our reading of it failed: {type(error).__name__}")
    row.save()
    return new


def _failed(row: Feed, error: str) -> None:
    if not row.error:
        log.warning("the status feed %s: %s", name(row.url), error)
    row.error, row.failed_at = error, row.failed_at or row.checked_at


def _take(row: Feed, answer: Fetched | FeedFailed, now: float) -> int:
    """Keeps what is new in an answer, and writes into the row what it listed; the row is not saved."""
    if isinstance(answer, FeedFailed):
        raise answer
    new = 0
    if answer.body is not None:
        before = {id_: (key, over) for id_, (key, over) in row.listed.items()}
        taken = news(before, status_page.read(answer.body, row.url, now), now)
        new = sum(position is not None for position in append(taken.drafts))
        row.listed, row.note = taken.listed, taken.note
    row.etag, row.modified = answer.etag, answer.modified
    return new


def news(before: Listed, page: Page, now: float) -> Taken:
    """What a page lists against what it listed before: revisions that are new, and incidents that vanished.

    Some pages list only what goes on: an incident that was on and is no longer there has ended by now. Where
    the page is longer than what was read of it, that cannot be told. One that is there again goes on: of a
    page's many hosts one may be late.
    """
    drafts: list[Draft] = []
    listed: Listed = {}
    for entry in page.entries:
        told = before.get(entry.external_id, ("", False))[0]
        if not status_page.is_of(told, entry.draft.key):
            came_back = status_page.is_gone(told) and not entry.over
            draft = status_page.again(entry.draft, now) if came_back else entry.draft
            drafts.append(draft)
            told = draft.key
        listed[entry.external_id] = (told, entry.over)
    left = {id_: told for id_, told in before.items() if id_ not in listed}
    vanished = {} if page.cut else {id_: key for id_, (key, over) in left.items() if not over}
    gone = {id_: status_page.gone(page.owner, id_, key, now) for id_, key in vanished.items()}
    before_gone = [(id_, told) for id_, told in left.items() if status_page.is_gone(told[0])]
    listed |= dict(before_gone[: status_page.MOST]) | {id_: (d.key, True) for id_, d in gone.items()}
    notes = [f"{page.unread} entries had no id"] if page.unread else []
    notes += [f"only the first {status_page.MOST} were read"] if page.cut else []
    return Taken((*drafts, *gone.values()), listed, "; ".join(notes))
