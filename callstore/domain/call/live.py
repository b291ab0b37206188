"""What only a Live session tells, as it was told. Built by fold_live.py, read in analysis/live."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from callstore.domain.call.observation import Observation
from callstore.domain.facts.events import AudioReflected


class Interval(NamedTuple):
    """Words of one side, the socket that carried them, and their place on the session's clock."""

    seen: Observation
    connection: str
    sequence: int
    side: Literal["caller", "agent"]
    start_ms: float
    end_ms: float
    text: str | None


class Hold(NamedTuple):
    """From here on the input was held back from the model, or (`held` false) listened to again."""

    seen: Observation
    by: Literal["mute", "fixture"]
    held: bool


@dataclass(slots=True)
class Live:
    """`delegated` and `reflected` stand with the moment they were told; `billed_s` is the last reading."""

    started: Observation | None = None
    dialled: Observation | None = None  # the leg is our own, outbound: no webhook and no accept
    intervals: list[Interval] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    delegated: list[tuple[Observation, float]] = field(default_factory=list)
    reflected: list[tuple[Observation, AudioReflected]] = field(default_factory=list)
    billed_s: float | None = None

    def billed(self, seconds: float | None) -> None:
        """Note a reading of what is billed so far; readings count up."""
        if seconds is not None:
            self.billed_s = max(self.billed_s or 0.0, seconds)
