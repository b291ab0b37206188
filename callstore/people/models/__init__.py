"""The tables of what people decide, one module an idea. Nothing here is derived, nothing is ever rebuilt."""

from callstore.people.models.decision import Bulk, Decision
from callstore.people.models.export import Export, ExportedCall
from callstore.people.models.saved_view import SavedView, Star

__all__ = ["Bulk", "Decision", "Export", "ExportedCall", "SavedView", "Star"]
