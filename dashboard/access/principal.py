"""Who asks: a session of somebody who logged in, or a bearer token where the path takes one."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest

from callstore.base.tokens import is_one_of
from callstore.people import known_tokens, tokens
from callstore.people.known_tokens import Known
from callstore.people.models import Token
from callstore.people.who import Principal, person
from dashboard.access import table
from dashboard.access.table import Permission

TOKENS_BELOW = "/api/"
SIGNED_IN_AT = "signed_in_at"  # of a session, in seconds since 1970


def principal(request: HttpRequest) -> Principal | None:
    """Who asks, found once a request; None for a stranger."""
    known: Any = getattr(request, "principal", False)
    if known is False:
        known = _person(request)
        if known is None and request.path.startswith(TOKENS_BELOW):
            known = of_bearer(request, quickly=request.path.endswith("/advice"))
        request.principal = known  # type: ignore[attr-defined]  # hung on Django's request, as user is
    found: Principal | None = known
    return found


def may(request: HttpRequest, permission: Permission) -> bool:
    """Whether who asks has a permission."""
    return table.may(principal(request), permission)


def of_bearer(request: HttpRequest, quickly: bool = False) -> Principal | None:
    """Whose token a request brings; `quickly` asks what is known before the database."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    text = text.strip()
    if scheme.lower() != "bearer" or not text:
        return None
    if is_one_of(text, settings.API_TOKENS):
        # The first digits of its digest: nobody learns a token of 20 characters from them.
        told = sha256(text.encode(errors="replace")).hexdigest()[:8]
        return Principal(f"token:{told}", scope="operator")
    found = (known_tokens.find(text) if quickly else None) or _kept(text)
    return Principal(f"token:{found.name}", scope=found.scope) if found else None  # type: ignore[arg-type]  # a Scope, when it was made


def is_over(session: Any) -> bool:
    """Whether a session has lasted as long as one may, however much it was used."""
    began: float = session.get(SIGNED_IN_AT, 0.0)
    return bool(began) and datetime.now(UTC).timestamp() - began > settings.SESSION_COOKIE_AGE


def _person(request: HttpRequest) -> Principal | None:
    if not request.user.is_authenticated:
        return None
    if is_over(request.session):
        logout(request)
        return None
    return person(request.user)


def _kept(text: str) -> "Token | Known | None":
    try:
        return tokens.find(text)
    except (DatabaseError, InterfaceError):
        return known_tokens.find(text)
