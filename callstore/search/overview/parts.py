"""What an overview consists of. Pure."""

from dataclasses import dataclass
from datetime import datetime

from callstore.findings.cross_call.summary import Incident
from callstore.search.overview.frame import Frame
from callstore.search.overview.shares import Difference, Share


@dataclass(frozen=True, slots=True)
class Spread:
    """Of `n` calls that know a number: that of the 50th and of the 95th of a hundred; null where n is 0."""

    n: int
    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """The calls that began in a step of time."""

    start: datetime
    calls: int
    verdicts: dict[str, int]
    suspicious: Share
    detection_lag_s: Spread


@dataclass(frozen=True, slots=True)
class Counted:
    """How many calls have a value; `title` in words."""

    value: str
    title: str
    calls: int


@dataclass(frozen=True, slots=True)
class Agent:
    """The calls of one version of an agent; response time is the spread of each call's median."""

    agent: str | None
    version: str | None
    calls: int
    suspicious: Share
    response_time_s: Spread
    longest_dead_air_s: Spread
    talk_over_s: Spread
    interruptions: Spread


@dataclass(frozen=True, slots=True)
class Change:
    """A share now and in the time before.

    Of key `verdict` it is the share of all calls that have it; of any other that of suspicious calls among
    those with the value, and of "" among all.
    """

    key: str
    value: str
    now: Share
    before: Share
    difference: Difference


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of people's votes on a verdict those that agree, in so many calls."""

    verdict: str
    calls: int
    agreed: Share


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything; lists are in the order in which they are shown, places of few calls last.

    Where it is `rounded` numbers of seconds are right to one hundredth; numbers of calls are exact always.
    """

    frame: Frame
    rounded: bool
    calls: int
    live: int
    suspicious: Share
    truncated: Share
    gap_s: Spread
    detection_lag_s: Spread
    speech_to_end_s: Spread
    verdicts: list[Counted]
    over_time: list[Step]
    agents: list[Agent]
    places: list[Change]
    changes: list[Change]
    gaps: list[Counted]
    to_end: list[Counted]
    warnings: list[Counted]
    precision: list[Agreement]
    incidents: list[Incident]
