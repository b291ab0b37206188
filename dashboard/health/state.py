"""What the page of ingest health shows, each part for itself: one that cannot be known hides no other."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import DatabaseError
from redis import RedisError

from callstore.base.heartbeat import alive, silent_after
from callstore.health.backlog import backlog
from callstore.health.observers import observers
from callstore.health.on_readyz import ALWAYS_TOLD, TOLD
from callstore.health.sources import Source, State, sources

PROCESSES = {
    "relay": "Finds calls that are behind, and has them projected",
    "worker": "Folds calls and judges them",
    "fetcher": "Fetches and hears recordings, asks status pages",
    "beat": "Says when what is done from time to time is due",
    "watch": "Listens to AI sessions, where it is switched on",
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
    """A source, its look, and the bars of its last 24 hours: left edge, top, height, in a box of 96 × 24."""

    source: Source
    look: Look
    bars: list[tuple[int, float, float]]
    most: int


class Process(NamedTuple):
    name: str
    about: str
    is_alive: bool | None  # None: Valkey does not answer
    silent_s: int


def parts() -> dict[str, Any]:
    """Everything that the page shows of this moment; a part is None where it cannot be known now."""
    return {
        "as_of": datetime.now(UTC),
        "rows": _known(lambda: [row(source) for source in sources()]),
        "backlog": _known(backlog),
        "late_s": LATE_S,
        "observers": _known(observers),
        "processes": _processes(),
        "feeds": _known(TOLD["status_feeds"]),
        "recordings": _known(TOLD["recordings"]),
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
    return Row(source, LOOKS[source.state], bars, most)


def _processes() -> list[Process]:
    found = alive(PROCESSES)
    return [
        Process(name, about, None if found is None else name in found, silent_after(name))
        for name, about in PROCESSES.items()
    ]


def _known(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except (DatabaseError, RedisError):
        return None
