"""What is kept of a call that is handed over, and what hides its numbers."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from callstore.people import audit
from callstore.people.audit import Action

MADE_UP = b"callstore fixture numbers"


def noted(request: HttpRequest, action: Action, call_id: str | None, **what: Any) -> None:
    """Keep that something left the house, before it does."""
    audit.record(request, action, call_id, **what)


def secret_of(call_id: str) -> bytes:
    """What decides a call's made-up numbers: always the same, and nobody's guess."""
    return b":".join((settings.SECRET_KEY.encode(), MADE_UP, call_id.encode()))
