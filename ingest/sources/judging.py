"""The state of a source and why, of its counts alone. Pure: quiet is not broken.

A source is silent only where so many facts came in the same hour of other days that none by chance is next to
impossible; what comes seldom is quiet for hours and well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp

from callstore.health.refusals import Refusal
from callstore.health.sources import State

BY_CHANCE = 0.001  # that nothing comes in an hour in which on the mean more than 6.9 facts do
LEAST_DAYS = 2  # of which an hour's mean is worth something
JUST = timedelta(minutes=10)  # what was refused before may have been mended since
OFTEN = 0.5  # a day on which nothing came either may be a Sunday: as many days with something there must be


@dataclass(frozen=True, slots=True)
class Traffic:
    """What came of a source: of the last hour, of the same hour on each past day that is known, and how late.

    `late_s` is the 95th of a hundred of the hour, in seconds; `refused_at` when a delivery with a wrong proof
    was refused last.
    """

    now: datetime
    last_at: datetime | None
    count: int
    past: Sequence[int]
    late_s: float | None = None
    refused_at: datetime | None = None
    refusals: Sequence[Refusal] = ()

    @property
    def expected(self) -> float | None:
        """The mean of the same hour of past days."""
        return sum(self.past) / len(self.past) if self.past else None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A state, why in one sentence, and what to do."""

    state: State
    why: str
    remedy: str = ""


def judged(traffic: Traffic, late_after_s: float, remedy: str) -> Judgement:
    """The state of a source that is switched on; `remedy` is what to look at where it is silent."""
    if refusing := _refusing(traffic):
        return refusing
    if _is_silent(traffic):
        ago = f"the last came {_ago(traffic.now, traffic.last_at)}" if traffic.last_at else "none ever came"
        usual = f"{traffic.expected or 0:.0f} came in this hour of the {len(traffic.past)} days before"
        return Judgement("silent", f"Nothing in the last hour: {ago}, and on the mean {usual}.", remedy)
    if traffic.last_at is None:
        return Judgement("off", "Nothing has come yet.", remedy)
    if traffic.count and traffic.late_s is not None and traffic.late_s > late_after_s:
        said = _length(traffic.late_s)
        why = f"Of a hundred facts of the last hour five came up to {said} after they happened."
        return Judgement("late", why, "Look at the sender's queue, and at the clocks of both sides.")
    return Judgement("ok", _well(traffic))


def _refusing(traffic: Traffic) -> Judgement | None:
    """Refused just now, or within the hour and nothing was taken since."""
    if traffic.refused_at is None or (ago := traffic.now - traffic.refused_at) > timedelta(hours=1):
        return None
    none_since = traffic.last_at is None or traffic.last_at < traffic.refused_at
    if not none_since and ago > JUST:
        return None
    most = max(traffic.refusals, key=lambda each: each.count, default=None)
    reason = f", mostly for “{most.reason}”" if most else ""
    taken = "none was taken since" if none_since else f"{traffic.count} facts were taken within the hour"
    why = f"Its door refused a delivery {_ago(traffic.now, traffic.refused_at)}{reason}; {taken}."
    return Judgement("rejecting", why, most.remedy if most else "")


def _is_silent(traffic: Traffic) -> bool:
    if traffic.count or traffic.expected is None or len(traffic.past) < LEAST_DAYS:
        return False
    often = sum(map(bool, traffic.past)) > OFTEN * len(traffic.past)
    return often and exp(-traffic.expected) < BY_CHANCE


def _well(traffic: Traffic) -> str:
    came = (
        f"{traffic.count:,} in the last hour"
        if traffic.count
        else f"The last came {_ago(traffic.now, traffic.last_at)}"
    )
    if traffic.expected is None or len(traffic.past) < LEAST_DAYS:
        return f"{came}; no past days to compare with yet."
    if not traffic.count:
        return f"{came}: quiet, as this hour of other days with {traffic.expected:.1f} on the mean."
    return f"{came}, against {traffic.expected:.1f} at this hour on other days."


def _ago(now: datetime, at: datetime | None) -> str:
    return f"{_length(max(timedelta(), now - at).total_seconds())} ago" if at else "never"


def _length(seconds: float) -> str:
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= size * 1.5 or (seconds >= size and unit != "day"):
            number = round(seconds / size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{seconds:.0f} s"
