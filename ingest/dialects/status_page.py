"""What status pages write of their incidents: Atlassian's Statuspage and incident.io, by their JSON.

Statuspage API v2 (`/api/v2/incidents.json`, `summary.json`, `unresolved.json`; any page's /api documents it);
incident.io: the same, its pages' own `/proxy/<page>` and `/proxy/<page>/incidents`, which are not documented,
and `/api/v1/summary`. Maintenance announced ahead is none: Twilio has some at any hour.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import IncidentPublished
from callstore.domain.facts.record import STATUS_PAGE, Draft
from ingest.dialects import parse
from ingest.dialects.json_batch import Unreadable
from ingest.dialects.json_batch import read as json_value
from ingest.dialects.page_owner import owner

MOST = 100  # entries of one reading; Statuspage lists 50
LONGEST_TITLE, LONGEST_URL, LONGEST_WORD = 500, 2000, 60
LONGEST_RAW = 64 * 1024
OVER = frozenset({"resolved", "postmortem", "completed", "closed"})
# From harmless to worst, in the words of both.
IMPACTS = ("operational", "none", "degraded_performance", "minor", "partial_outage", "major", "major_outage",
           "full_outage", "critical")  # fmt: skip


class NoIncidents(ValueError):
    """What was read is no list of incidents. The message says what it is instead."""


class Entry(NamedTuple):
    """One revision of an incident. `over`: it says itself that it has ended."""

    external_id: str
    draft: Draft
    over: bool


class Page(NamedTuple):
    """The incidents that a page lists; `unread` entries had no id, and `cut`: there were more than MOST."""

    owner: str
    entries: tuple[Entry, ...]
    unread: int
    cut: bool


def read(body: bytes, url: str, received_at: float) -> Page:
    """The incidents in what a feed's address gave. Raises NoIncidents."""
    page = _page(body)
    summary = parse.mapping(page.get("summary"))
    lists = (page.get("incidents"), page.get("ongoing_incidents"), summary.get("ongoing_incidents"))
    found = next((each for each in lists if isinstance(each, list)), None)
    if found is None:
        raise NoIncidents("JSON with no list of incidents")
    name = parse.mapping(page.get("page")).get("name") or page.get("page_title") or summary.get("name")
    provider = owner(url, parse.text(name))
    taken = [each for each in map(parse.mapping, found[:MOST]) if each.get("type") != "maintenance"]
    entries = [_entry(each, provider, url, received_at) for each in taken if _id(each)]
    return Page(provider, tuple(entries), len(taken) - len(entries), len(found) > MOST)


def gone(provider: str, external_id: str, revision: str, at: float) -> Draft:
    """An incident that its page no longer lists, and never said the end of; known by its last revision."""
    event = IncidentPublished(provider=provider, external_id=external_id, status="resolved", ended_at=at)
    return _draft(event, parse.named("gone", revision), Instant(at, Clock.RECEIVER), at, b"")


def is_gone(key: str) -> bool:
    """Whether this key of an incident says that its page no longer lists it."""
    return key.startswith("gone:")


def again(revision: Draft, at: float) -> Draft:
    """The revision of an incident that its page lists again, after it was gone: told anew, and as of now."""
    key = parse.named("again", f"{at:.3f}", revision.key)
    return replace(revision, key=key, occurred=Instant(at, Clock.RECEIVER))


def is_of(told: str, revision: str) -> bool:
    """Whether what was told under a key is this revision."""
    return told == revision or (told.startswith("again:") and told.endswith(f":{revision}"))


def _page(body: bytes) -> Mapping[str, Any]:
    start = body.lstrip()[:200].lower()
    if not start:
        raise NoIncidents("nothing")
    if start.startswith((b"<?xml", b"<rss", b"<feed")):
        raise NoIncidents("RSS or Atom; its page has JSON, too: /api/v2/incidents.json")
    if start.startswith(b"<"):
        raise NoIncidents("an HTML page; its incidents are often at /api/v2/incidents.json")
    value = json_value(body)
    if isinstance(value, Unreadable):
        raise NoIncidents("no JSON")
    return parse.mapping(value)


def _id(entry: Mapping[str, Any]) -> str | None:
    return parse.text(entry.get("id"))


def _entry(entry: Mapping[str, Any], provider: str, url: str, received_at: float) -> Entry:
    status = _word(entry.get("status"))
    over = status in OVER
    told_at = max(_stamps(entry), default=None)
    start, end = _times(entry, told_at if over else None)
    event = IncidentPublished(
        provider=provider,
        external_id=parse.named(_id(entry)),
        title=(parse.text(entry.get("name")) or "")[:LONGEST_TITLE] or None,
        status=status,
        impact=_word(entry.get("impact")) or _word(entry.get("current_worst_impact")) or _worst(entry),
        started_at=start,
        ended_at=end,
        url=_link(entry) or _native_link(entry, url),
    )
    updated = parse.iso_time(entry.get("updated_at"))
    if updated is not None:
        key, occurred = f"at:{updated:.3f}", Instant(updated, Clock.PROVIDER)
    else:  # corrected later without a stamp, so it is known by what it says, and as old as our reading
        key, occurred = f"says:{_digest(event, told_at)}", Instant(received_at, Clock.RECEIVER)
    raw = orjson.dumps(entry)
    kept = raw if len(raw) <= LONGEST_RAW else b""
    return Entry(event.external_id, _draft(event, key, occurred, received_at, kept), over)


def _draft(event: IncidentPublished, key: str, occurred: Instant, received_at: float, raw: bytes) -> Draft:
    return Draft(
        source=STATUS_PAGE,
        subject=parse.named("incident", event.provider, event.external_id),
        key=key,
        event=event,
        occurred=occurred,
        received_at=received_at,
        raw=raw,
    )


def _times(entry: Mapping[str, Any], resolved: float | None) -> tuple[float | None, float | None]:
    """When it began and ended: by what its components suffered where that is told, else as the page says.

    Posts lag behind the trouble that they are about.
    """
    impacts = [*_each(entry, "component_impacts")] or [*_each(entry, "status_summaries")]
    starts = [at for impact in impacts if (at := parse.iso_time(impact.get("start_at"))) is not None]
    ends = [parse.iso_time(impact.get("end_at")) for impact in impacts]
    said = (parse.iso_time(entry.get(name)) for name in ("started_at", "created_at", "published_at"))
    start = min(starts) if starts else next((at for at in said if at is not None), None)
    known = [at for at in ends if at is not None]
    over = max(known) if ends and len(known) == len(ends) else parse.iso_time(entry.get("resolved_at"))
    if over is None or (start is not None and over < start):
        over = resolved
    return start, over


def _stamps(entry: Mapping[str, Any]) -> Iterator[float]:
    """The moments at which the page spoke of it."""
    named = [entry.get(name) for name in ("updated_at", "last_update_at", "published_at", "created_at")]
    updates = [one.get("published_at") for one in _each(entry, "updates")]
    yield from (at for text in (*named, *updates) if (at := parse.iso_time(text)) is not None)


def _worst(entry: Mapping[str, Any]) -> str | None:
    hit = [*_each(entry, "component_impacts"), *_each(entry, "affected_components")]
    words = [word for each in hit if (word := _word(each.get("status"))) in IMPACTS]
    return max(words, key=IMPACTS.index, default=None)


def _each(entry: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    values = entry.get(name)
    yield from map(parse.mapping, values if isinstance(values, list) else ())


def _word(value: object) -> str | None:
    return (parse.text(value) or "")[:LONGEST_WORD] or None


def _link(entry: Mapping[str, Any]) -> str | None:
    """Where people read of it: an address that a browser may be led to."""
    for name in ("shortlink", "url", "permalink"):
        link = parse.text(entry.get(name)) or ""
        if link.startswith(("https://", "http://")) and len(link) <= LONGEST_URL:
            return link
    return None


def _native_link(entry: Mapping[str, Any], url: str) -> str | None:
    base, native, _ = url.partition("/proxy/")
    return f"{base}/incidents/{quote(parse.named(_id(entry)), safe='')}" if native else None


def _digest(event: IncidentPublished, told_at: float | None) -> str:
    said = [event.title, event.status, event.impact, event.started_at, event.ended_at, told_at]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()[:32]
