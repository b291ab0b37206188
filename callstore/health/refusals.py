"""What the doors turned away lately, for whoever shows it; the doors themselves stand on higher floors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from callstore.health.on_readyz import TOLD

NO_PROOF = "no "  # as the reason begins where none was given


@dataclass(frozen=True, slots=True)
class Refusal:
    """How often a door refused for one reason, from when to when, what to do ("" where nobody knows).

    `looks_like` is in what the delivery differs from one that would have been taken, where that was found.
    """

    door: str
    reason: str
    count: int
    since: datetime
    last_at: datetime
    remedy: str
    looks_like: str = ""

    @property
    def by_stranger(self) -> bool:
        """Whether no proof was given at all, as by whoever finds the door: no matter of the set-up."""
        return self.reason.startswith(NO_PROOF)


DAY = timedelta(days=1)
Ask: TypeAlias = Callable[[timedelta], list[Refusal]]

_ask: list[Ask] = []


def answered_by(ask: Ask) -> None:
    """Have this asked for the refusals of so long a time; /readyz tells those of a day from then on."""
    _ask[:] = [ask]
    TOLD["refused"] = _counts


def recent(within: timedelta = DAY) -> list[Refusal]:
    """The refusals of the last day, or of so long a time, by door, the most frequent first.

    Raises django.db.DatabaseError.
    """
    return [refusal for ask in _ask for refusal in ask(within)]


def _counts() -> dict[str, Any]:
    """{door: {reason: count}}."""
    counts: dict[str, Any] = {}
    for refusal in recent():
        of_door = counts.setdefault(refusal.door, {})
        of_door[refusal.reason] = of_door.get(refusal.reason, 0) + refusal.count
    return counts
