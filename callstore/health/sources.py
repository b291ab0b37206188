"""How each source of facts does, for whoever shows it; ingest, which knows, registers itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from callstore.eventlog.reading.listing import EventRow as EventRow
from callstore.eventlog.reading.tally import Oddity as Oddity
from callstore.health.refusals import Refusal

State: TypeAlias = Literal["ok", "late", "silent", "rejecting", "off"]


@dataclass(frozen=True, slots=True)
class Source:
    """A source, its state with why in one sentence, what to do ("" where nothing is), and its numbers.

    `door` is where it delivers ("" where nobody delivers); `last_at` when its last fact came, of the two
    weeks that are counted. `count` is of the last hour (from `hour_from`), `expected` the mean of the same
    hour of up to seven past days, null where no day is known. Seconds from when something happened to when it
    came are told as the upper edge of a class, of the last day: null where nothing came. `hours` are the
    counts of the last 24 hours, the newest last. `refusals` are those of the last day, and `how` says how it
    went in that day; `how_lately` within the hour.
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
    how: "How"
    how_lately: "How"
    hours: tuple[int, ...]
    refusals: tuple[Refusal, ...]


class How(NamedTuple):
    """How facts of a time came: so many, and of these the unknown, those ahead of our clock, and those that
    came after one of their stream which happened later. Beside them `told_again`, which we had; and tries to
    fetch something, of which `fetched_again` followed a failure.
    """

    came: int = 0
    unknown: int = 0
    ahead: int = 0
    disordered: int = 0
    told_again: int = 0
    fetched: int = 0
    fetched_again: int = 0

    @property
    def told(self) -> int:
        """Everything that was told, known or not."""
        return self.came + self.told_again


Odd: TypeAlias = Callable[[str, Oddity], list[EventRow]]
_ask: list[Callable[[], list[Source]]] = []
_odd: list[Odd] = []


def answered_by(ask: Callable[[], list[Source]], odd: Odd) -> None:
    """Have these asked for the sources, and for what came oddly."""
    _ask[:], _odd[:] = [ask], [odd]


def odd(source: str, kind: Oddity) -> list[EventRow]:
    """The last events of a source that came so oddly within the day, the newest first, each with its delivery
    and its `trace`. Raises django.db.DatabaseError.
    """
    return [event for ask in _odd for event in ask(source, kind)]


def sources() -> list[Source]:
    """Every source, by importance. Raises django.db.DatabaseError."""
    return [source for ask in _ask for source in ask()]
