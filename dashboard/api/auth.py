"""Who may read, and enter what the API takes: a logged-in session, or a bearer token of API_TOKENS."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth
from ninja.utils import check_csrf

from callstore.base.tokens import is_one_of
from dashboard.api.problems import Problem


class Token(HttpBearer):
    """One of API_TOKENS. It reads everything, and enters incidents."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        return "token" if is_one_of(token, settings.API_TOKENS) else None


class Session(SessionAuth):
    """The cookie of a person who logged in; who only reads is asked for no CSRF token."""

    def __init__(self) -> None:
        super().__init__(csrf=False)


class WritingSession(Session):
    """The same where something is written: the request carries the CSRF token of our pages, too."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        user = super().authenticate(request, key)
        if user is not None and check_csrf(request):
            raise Problem(403, "A login writes with the CSRF token of our pages alone: X-CSRFToken.")
        return user


def sees_raw(request: HttpRequest) -> bool:
    """Whether raw deliveries may be shown: to tokens, and to people who are staff."""
    who = getattr(request, "auth", None)
    return who == "token" or bool(getattr(who, "is_staff", False))
