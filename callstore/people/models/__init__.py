"""The tables of what people decide: one file each."""

from callstore.people.models.saved_view import SavedView, Star

__all__ = ["SavedView", "Star"]
