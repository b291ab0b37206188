"""A statement that can point at the log: when something happened, and the position that says so."""

from typing import NamedTuple

from callstore.domain.facts.clock import Instant


class Observation(NamedTuple):
    """When something happened, and the position in the log that says so."""

    at: Instant
    position: int


class Anomaly(NamedTuple):
    """Facts that cannot all be true, or a transition that cannot happen. Kept, shown, never raised."""

    kind: str
    detail: str
    positions: tuple[int, ...]
