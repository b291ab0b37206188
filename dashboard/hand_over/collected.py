"""All that is kept of a call, for whoever makes something of the whole of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from callstore.domain.facts.record import Record
from callstore.report.document import Document

EventRow: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Collected:
    """A call, its facts, and its events with their deliveries, by arrival."""

    call: Document
    facts: list[Record]
    events: Sequence[EventRow]

    @property
    def near(self) -> float:
        """A moment of the call, in Unix seconds."""
        return min((record.received_at for record in self.facts), default=0.0)
