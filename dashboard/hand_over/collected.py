"""All that is kept of a call, for whoever makes something of the whole of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from callstore.domain.facts.record import Record
from callstore.projection import queries
from callstore.report.document import Document

EventRow = Mapping[str, Any]


class Erased(Exception):
    """The call was erased: what was delivered is not readable any more."""


@dataclass(frozen=True, slots=True)
class Collected:
    """A call, its facts, and its events with their deliveries, by arrival."""

    call: Document
    facts: list[Record]
    events: list[EventRow]

    @property
    def near(self) -> float:
        """A moment of the call, in Unix seconds."""
        return min((record.received_at for record in self.facts), default=0.0)


def collected(call: Document) -> Collected:
    """Everything that the log holds of a call. Raises Erased, and report.history.TooLong."""
    if call.get("erased_at"):
        raise Erased("This call was erased.")
    facts, events, cursor = queries.facts(call["call_id"]), [], None
    while True:
        page = queries.events(call["call_id"], bodies=True, cursor=cursor)
        events += page.items
        cursor = page.next_cursor
        if cursor is None:
            return Collected(call, facts, sorted(events, key=lambda e: (e["received_at"], e["position"])))
