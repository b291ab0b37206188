"""Bearer tokens that people make: told once, kept as digests, found by what is sent."""

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from callstore.people.models import Token
from callstore.people.who import MADE_SCOPES

BEGINS = "cs"  # callstore; what scans repositories for lost secrets can look for cs_<scope>_
RANDOM_BYTES = 32
SHOWN = 6  # characters of the random part: 36 bits less to guess, of 256
LONGEST_NAME = 80
# As acts of a token of API_TOKENS are signed: by the first digits of its digest (dashboard.access.principal).
_AN_OPERATOR = re.compile(r"[0-9a-f]{8}", re.I)
# A use is noted this often, so that a token in use costs no write a request.
NOTED_EVERY = timedelta(minutes=1)


class BadToken(ValueError):
    """A token that cannot be made; the message says why."""


class Made(NamedTuple):
    """A token, and its text, which is never to be had again."""

    token: Token
    text: str


def make(name: str, scope: str, by: str, expires_at: datetime | None = None) -> Made:
    """Make a token. Raises BadToken."""
    name = " ".join(name.split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise BadToken(f"Give the token a name of 1 to {LONGEST_NAME} characters, by which to tell it.")
    if _AN_OPERATOR.fullmatch(name):
        raise BadToken("Eight digits from 0 to f are how a token of API_TOKENS is told: take another name.")
    if scope not in MADE_SCOPES:
        raise BadToken(f"A token's scope is one of {', '.join(MADE_SCOPES)}.")
    if expires_at is not None and expires_at <= timezone.now():
        raise BadToken("The token would be over before it is made: give a time that is to come.")
    if _live().filter(name=name).exists():
        raise BadToken(f"A token in use is called {name!r}. Names tell whose acts are whose: take another.")
    begins = f"{BEGINS}_{scope}_"
    text = begins + secrets.token_urlsafe(RANDOM_BYTES)
    token = Token.objects.create(
        name=name, scope=scope, digest=digest(text), prefix=text[: len(begins) + SHOWN],
        made_by=by, expires_at=expires_at,
    )  # fmt: skip
    token.refresh_from_db()
    return Made(token, text)


def digest(text: str) -> str:
    """What is kept of a token. It is 256 random bits: a slow hash would protect nothing more."""
    return sha256(text.encode(errors="replace")).hexdigest()


def find(text: str) -> Token | None:
    """The token of this text, if it was made here, is not over and not revoked; and note that it was used."""
    if not text.startswith(f"{BEGINS}_"):
        return None
    token = _live().filter(digest=digest(text)).first()
    if token is not None and _is_due(token.last_used_at):
        used({token.pk: timezone.now()})
    return token


def live() -> list[Token]:
    """Every token that may be used now."""
    return list(_live())


def everything() -> list[Token]:
    """All tokens, those in use first, the newest first."""
    return sorted(Token.objects.order_by("-id"), key=lambda token: state(token) != "in use")


def state(token: Token) -> str:
    """`in use`, `expired` or `revoked`."""
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= timezone.now() else "in use"


def revoke(id: int) -> Token | None:
    """End a token for good; None where there is none, or it was revoked before."""
    if not Token.objects.filter(pk=id, revoked_at=None).update(revoked_at=timezone.now()):
        return None
    return Token.objects.get(pk=id)


def used(moments: dict[int, datetime]) -> None:
    """Note when tokens were last used, each at most once in NOTED_EVERY."""
    for id, at in moments.items():
        due = Q(last_used_at=None) | Q(last_used_at__lte=at - NOTED_EVERY)
        Token.objects.filter(due, pk=id).update(last_used_at=at)


def _live() -> "QuerySet[Token]":
    over = Q(expires_at__lte=timezone.now())
    return Token.objects.filter(~over, revoked_at=None)


def _is_due(last: datetime | None) -> bool:
    return last is None or last <= timezone.now() - NOTED_EVERY
