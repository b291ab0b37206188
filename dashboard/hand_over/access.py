"""Who may hand a call over, and what is kept of it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from callstore.people import audit
from callstore.people.audit import Action
from dashboard.review.access import may_decide

MADE_UP = b"callstore fixture numbers"


def may_hand_over(request: HttpRequest) -> bool:
    """Whether who asks may make what leaves the house."""
    return may_decide(request)


def noted(request: HttpRequest, action: Action, call_id: str | None, **what: Any) -> None:
    """Keep that something left the house, before it does."""
    audit.record(request, action, call_id, **what)


def secret_of(call_id: str) -> bytes:
    """What decides a call's made-up numbers: always the same, and nobody's guess."""
    return b":".join((settings.SECRET_KEY.encode(), MADE_UP, call_id.encode()))
