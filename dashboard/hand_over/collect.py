"""Reads all that the log holds of a call."""

from callstore.projection import queries
from callstore.report.document import Document
from dashboard.hand_over.collected import Collected

MOST_BYTES = 128 * 2**20  # of deliveries; what is made of them takes five times as much


class Erased(Exception):
    """The call was erased: what was delivered is not readable any more."""


def collected(call: Document) -> Collected:
    """Everything that the log holds of a call. Raises Erased, queries.TooLarge, report.history.TooLong."""
    if call.get("erased_at"):
        raise Erased("This call was erased.")
    facts = queries.facts(call["call_id"])
    return Collected(call, facts, queries.deliveries(call["call_id"], MOST_BYTES))
