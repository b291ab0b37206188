"""The tables of what people decide, one module an idea. Nothing here is derived, nothing is ever rebuilt."""

from callstore.people.models.account import Identity, Membership
from callstore.people.models.audit import Audit
from callstore.people.models.decision import Bulk, Decision
from callstore.people.models.export import Export, ExportedCall
from callstore.people.models.saved_view import SavedView, Star
from callstore.people.models.share import Share
from callstore.people.models.token import Token

__all__ = [
    "Audit",
    "Bulk",
    "Decision",
    "Export",
    "ExportedCall",
    "Identity",
    "Membership",
    "SavedView",
    "Share",
    "Star",
    "Token",
]
