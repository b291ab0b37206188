"""Whether Twilio's side of a session still goes on, by the legs that its offer names."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from callstore.domain.facts.vocabulary import TERMINAL
from callstore.eventlog.reading import legs
from ingest.watch.leases import Lease

LegState: TypeAlias = Literal["unknown", "dialled", "talking", "over"]
TALKING = "in-progress"


def states(leases: Iterable[Lease]) -> dict[str, LegState]:
    """By subject. Raises django.db's errors.

    `over` where the child or its parent has ended, `talking` where the child is in progress (or the parent,
    where nothing is known of a child), `unknown` where Twilio said nothing.
    """
    leases = list(leases)
    said = legs.statuses({leg for lease in leases for leg in _legs(lease)})
    by_leg: dict[str, set[str]] = {}
    for leg, status in said:
        by_leg.setdefault(leg, set()).add(status)
    return {lease.subject: _state([by_leg.get(leg, set()) for leg in _legs(lease)]) for lease in leases}


def _legs(lease: Lease) -> list[str]:
    """The child first."""
    return [f"twilio:{sid}" for sid in (lease.child, lease.parent) if sid]


def _state(said: list[set[str]]) -> LegState:
    if any(statuses & TERMINAL for statuses in said):
        return "over"
    nearest: set[str] = next((statuses for statuses in said if statuses), set())
    if TALKING in nearest:
        return "talking"
    return "dialled" if nearest else "unknown"
