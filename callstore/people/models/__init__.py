"""The tables of what people decide. Nothing here is derived, so nothing here is ever dropped and rebuilt."""

from callstore.people.models.decision import Bulk, Decision

__all__ = ["Bulk", "Decision"]
