"""How the API is asked: by the session of somebody who logged in, or with a bearer token.

Who may do what is not said here but in the table of permissions (dashboard/access/table.py).
"""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth
from ninja.utils import check_csrf

from dashboard.access.principal import principal
from dashboard.api.problems import Problem


class Token(HttpBearer):
    """One of API_TOKENS, or one that was made on the page of tokens or by `create_token`."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        who = principal(request)
        return "token" if who is not None and not who.is_person else None


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
