"""Reads all that the log holds of a call."""

from callstore.projection import queries
from callstore.report.document import Document
from dashboard.hand_over.collected import Collected, EventRow


class Erased(Exception):
    """The call was erased: what was delivered is not readable any more."""


def collected(call: Document) -> Collected:
    """Everything that the log holds of a call. Raises Erased, and report.history.TooLong."""
    if call.get("erased_at"):
        raise Erased("This call was erased.")
    facts, cursor = queries.facts(call["call_id"]), None
    events: list[EventRow] = []
    while True:
        page = queries.events(call["call_id"], bodies=True, cursor=cursor)
        events += page.items
        cursor = page.next_cursor
        if cursor is None:
            return Collected(call, facts, sorted(events, key=lambda e: (e["received_at"], e["position"])))
