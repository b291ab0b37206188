"""What a dialect makes of the body of a delivery."""

from dataclasses import dataclass

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import Unrecognised
from callstore.domain.facts.record import Draft, Source


@dataclass(frozen=True, slots=True)
class Rejected:
    """An element of a batch that could not be taken, by its place in the batch."""

    index: int
    error: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing in a proved delivery could be looked at, in words for the sender, as an answer of HTTP."""

    status: int
    error: str


@dataclass(frozen=True, slots=True)
class ParsedDelivery:
    """A delivery as understood: the drafts of each element that was taken, and the elements that were not.

    With a fault the sender is told of it instead.
    """

    elements: tuple[tuple[Draft, ...], ...]
    rejected: tuple[Rejected, ...] = ()
    fault: Fault | None = None

    @property
    def drafts(self) -> list[Draft]:
        return [draft for element in self.elements for draft in element]


def unparsable(source: Source, body: bytes, received_at: float, note: str) -> Draft:
    """A proved body in which no fact can be looked for, kept whole; `note` says why."""
    return Draft(
        source=source,
        subject=f"{source}:unknown",
        key="unparsable",
        fingerprint=body,
        event=Unrecognised(note=note),
        occurred=Instant(received_at, Clock.RECEIVER),
        received_at=received_at,
        raw=body,
    )
