"""Who may read: a logged-in session, or a bearer token of API_TOKENS."""

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from callstore.base.tokens import is_one_of


class Token(HttpBearer):
    """One of API_TOKENS. It reads everything."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        return "token" if is_one_of(token, settings.API_TOKENS) else None


class Session(SessionAuth):
    """The cookie of a person who logged in. Nothing here writes, so no CSRF token is asked for."""

    def __init__(self) -> None:
        super().__init__(csrf=False)


def sees_raw(request: HttpRequest) -> bool:
    """Whether raw deliveries may be shown: to tokens, and to people who are staff."""
    who = getattr(request, "auth", None)
    return who == "token" or bool(getattr(who, "is_staff", False))
