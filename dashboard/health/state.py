"""What the page of ingest health shows, each part for itself: one that cannot be known hides no other."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse
from redis import RedisError

from callstore.base.heartbeat import alive, silent_after
from callstore.health.backlog import backlog
from callstore.health.observers import observers
from callstore.health.on_readyz import ALWAYS_TOLD, TOLD
from callstore.health.queues import waiting
from callstore.health.sources import Source, State, sources
from callstore.health.storage import storage
from callstore.verdict.truncation import RULES_VERSION
from dashboard.health.how import Part, parts_of

PROCESSES = {
    "relay": "Finds calls that are behind, and has them projected",
    "worker": "Folds calls and judges them",
    "fetcher": "Fetches and hears recordings, asks status pages",
    "beat": "Says when what is done from time to time is due",
    "watch": "Listens to AI sessions, where it is switched on",
}
QUEUES = {"worker": "calls", "fetcher": "recordings"}
# The calls of which a source tells, as the query language asks; of the others no key does.
CALLS = {
    "twilio_callbacks": "source:[child_callbacks,parent_callbacks]",
    "openai_webhook": "source:ai_webhook",
    "app_events": "source:ai_events",
    "observer": "source:ai_events",
    "twilio_recordings": "source:recording",
    "twilio_event_streams": "source:insights OR warning:*",
    "twilio_transcription": "source:twilio_transcript",
}
LATE_S = 15.0  # a call that waits for longer is seen by whoever looks at it


class Look(NamedTuple):
    """How a state is shown: never by colour alone."""

    icon: str
    tone: str


LOOKS: dict[State, Look] = {
    "ok": Look("check", "ok"),
    "late": Look("clock", "warn"),
    "silent": Look("silent", "bad"),
    "rejecting": Look("blocked", "bad"),
    "off": Look("minus", "quiet"),
}


class Row(NamedTuple):
    """A source, its look, and the bars of its last 24 hours: left edge, top, height, in a box of 96 × 24.

    `parts` are of that day. `calls` leads to those of the last hour of which it tells; "" where nothing came,
    or no key asks for it.
    """

    source: Source
    look: Look
    parts: list[Part]
    bars: list[tuple[int, float, float]]
    most: int
    calls: str


class Process(NamedTuple):
    name: str
    about: str
    is_alive: bool | None  # None: Valkey does not answer
    silent_s: int
    tasks: int  # that wait for it


def parts() -> dict[str, Any]:
    """Everything that the page shows of this moment; a part is None where it cannot be known now."""
    return {
        "as_of": datetime.now(UTC),
        "rows": _known(lambda: [row(source) for source in sources()]),
        "backlog": _known(backlog),
        "late_s": LATE_S,
        "rules_version": RULES_VERSION,
        "storage": _known(storage),
        "observers": _known(observers),
        "processes": _processes(),
        "feeds": _known(TOLD["status_feeds"]),
        "recordings": _known(TOLD["recordings"]),
        "sound_days": settings.RECORDING_RETENTION_DAYS,
        "spool": ALWAYS_TOLD["spool"](),
    }


def summary() -> dict[str, int] | None:
    """How many sources are switched on, well and not well; None where that cannot be known now."""
    found = _known(sources)
    if found is None:
        return None
    on = [source for source in found if source.state != "off"]
    well = sum(source.state == "ok" for source in on)
    return {"on": len(on), "well": well, "ill": len(on) - well}


def row(source: Source) -> Row:
    """A source as a row."""
    most = max(source.hours, default=0)
    bars = [
        (4 * at, 24 - (height := max(1.5, 24 * count / most)), height)
        for at, count in enumerate(source.hours)
        if count
    ]
    return Row(source, LOOKS[source.state], list(parts_of(source)), bars, most, _calls(source))


def _calls(source: Source) -> str:
    query = CALLS.get(source.source)
    if not query or not source.count:
        return ""
    asked = {"q": query, "from": source.hour_from.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return f"{reverse('calls')}?{urlencode(asked)}"


def _processes() -> list[Process]:
    found, tasks = alive(PROCESSES), _known(waiting) or {}
    return [
        Process(
            name,
            about,
            None if found is None else name in found,
            silent_after(name),
            tasks.get(QUEUES.get(name, ""), 0),
        )
        for name, about in PROCESSES.items()
    ]


def _known(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except (DatabaseError, RedisError):
        return None
