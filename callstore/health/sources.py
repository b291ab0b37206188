"""How each source of facts does, for whoever shows it; ingest, which knows, registers itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from callstore.health.refusals import Refusal

State: TypeAlias = Literal["ok", "late", "silent", "rejecting", "off"]


@dataclass(frozen=True, slots=True)
class Source:
    """A source, its state with why in one sentence, what to do ("" where nothing is), and its numbers.

    `door` is where it delivers ("" where nobody delivers); `last_at` when its last fact came, of the two
    weeks that are counted. `count` is of the last hour (from `hour_from`), `expected` the mean of the same
    hour of up to seven past days, null where no day is known. Seconds from when something happened to when it
    came are told as the upper edge of a class, of the last day: null where nothing came. `hours` are the
    counts of the last 24 hours, the newest last. `refusals` are those of the last day.
    """

    source: str
    name: str
    door: str
    state: State
    why: str
    remedy: str
    last_at: datetime | None
    hour_from: datetime
    count: int
    expected: float | None
    arrival_p50_s: float | None
    arrival_p95_s: float | None
    arrival_p99_s: float | None
    unknown: int
    ahead: int
    hours: tuple[int, ...]
    refusals: tuple[Refusal, ...]


_ask: list[Callable[[], list[Source]]] = []


def answered_by(ask: Callable[[], list[Source]]) -> None:
    """Have this asked for the sources."""
    _ask[:] = [ask]


def sources() -> list[Source]:
    """Every source, by importance. Raises django.db.DatabaseError."""
    return [source for ask in _ask for source in ask()]
