"""What the doors turned away lately, for whoever shows it; the doors themselves stand on higher floors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callstore.health.told import TOLD


@dataclass(frozen=True, slots=True)
class Refusal:
    """How often a door refused for one reason, since when, and what to do ("" where nobody knows)."""

    door: str
    reason: str
    count: int
    since: datetime
    remedy: str


_ask: list[Callable[[], list[Refusal]]] = []


def answered_by(ask: Callable[[], list[Refusal]]) -> None:
    """Have this asked for the refusals of the last day; /readyz tells them from then on."""
    _ask[:] = [ask]
    TOLD["refused"] = _counts


def recent() -> list[Refusal]:
    """The refusals of the last day, by door, the most frequent first. Raises django.db.DatabaseError."""
    return [refusal for ask in _ask for refusal in ask()]


def _counts() -> dict[str, Any]:
    """{door: {reason: count}}."""
    counts: dict[str, Any] = {}
    for refusal in recent():
        counts.setdefault(refusal.door, {})[refusal.reason] = refusal.count
    return counts
