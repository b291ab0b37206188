"""Moments that remember whose clock spoke and how precisely. Nothing here asks what time it is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import overload

FIRST, LAST = -62_135_596_800.0, 253_402_300_799.999  # what a calendar has: the years 1 to 9999


class Clock(IntEnum):
    """Whose clock a moment was read from. The numbers are stored; never renumber."""

    PROVIDER = 0  # Twilio or OpenAI; Twilio's callbacks have whole seconds
    RECEIVER = 1  # ours, when the delivery arrived
    APP = 2  # the voice application's, forwarded with the fact
    AUDIO = 3  # an offset in a recording, laid on the wall clock


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment: `at` in Unix seconds, and the width in milliseconds of the interval it may lie in.

    Twilio cuts its stamps to whole seconds (Twilio docs, voice/api/call-resource), so the true moment
    lies in [at, at + precision_ms].
    """

    at: float
    clock: Clock
    precision_ms: int = 1

    @property
    def latest(self) -> float:
        """The last moment, in Unix seconds, at which this can have happened."""
        return self.at + self.precision_ms / 1000

    @property
    def middle(self) -> float:
        """The best single guess, in Unix seconds."""
        return self.at + (self.precision_ms / 2000 if self.precision_ms > 1 else 0.0)

    def surely_before(self, other: "Instant") -> bool:
        """True only when no reading of the two clocks could put `other` first."""
        return self.latest < other.at


@overload
def iso(at: float) -> str: ...
@overload
def iso(at: float | None) -> str | None: ...
def iso(at: float | None) -> str | None:
    """ISO 8601 UTC with milliseconds, or None. Beyond the calendar, where nonsense adds up to, its edge."""
    if at is None:
        return None
    moment = datetime.fromtimestamp(round(min(max(at, FIRST), LAST), 3), UTC)
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def unix(text: str) -> float:
    """ISO 8601 with any offset to Unix seconds. A time without an offset is read as UTC.

    Raises ValueError for anything else.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
