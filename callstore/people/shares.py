"""Shares: made with a token that is shown once, found by it, and over when they expire or are revoked."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from callstore.people.models import Share

SHORTEST_S, LONGEST_S = 1, 90 * 86_400
USUAL_S = 7 * 86_400
MOST_OPEN = 50  # of one call
LONGEST_TOKEN = 100

State: TypeAlias = Literal["open", "expired", "revoked"]


class TooManyShares(Exception):
    """The call has as many open shares as one may have."""


class Made(NamedTuple):
    """A new share, and its token, which nobody can read again."""

    share: Share
    token: str


def make(call_id: UUID | str, by: str, expires_in_s: int, *, audio: bool = False) -> Made:
    """A share of a call for so many seconds. Raises TooManyShares."""
    now = timezone.now()
    still_open = Share.objects.filter(trace_id=call_id, revoked_at=None, expires_at__gt=now)
    if still_open.count() >= MOST_OPEN:
        raise TooManyShares
    token = secrets.token_urlsafe(32)
    share = Share.objects.create(
        digest=_digest(token),
        trace_id=call_id,
        by=by,
        expires_at=now + timedelta(seconds=expires_in_s),
        audio=audio,
    )
    return Made(share, token)


def find(token: str) -> Share | None:
    """The share of a token, over or not; None for a token that was never made."""
    if len(token) > LONGEST_TOKEN:
        return None
    return Share.objects.filter(digest=_digest(token)).first()


def of_call(traces: Iterable[UUID | str]) -> list[Share]:
    """The shares of a call by its traces, newest first."""
    return list(Share.objects.filter(trace_id__in=list(traces)).order_by("-made_at", "id"))


def by_id(id: UUID) -> Share | None:
    """The share of an id."""
    return Share.objects.filter(pk=id).first()


def revoke(share: Share, by: str) -> bool:
    """End a share now; False where it had been ended before."""
    return bool(
        Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by)
    )


def viewed(share: Share) -> None:
    """Count that it was looked at."""
    Share.objects.filter(pk=share.pk).update(views=F("views") + 1, viewed_at=Now())


def state(share: Share, now: datetime) -> State:
    """What a share is at a moment."""
    if share.revoked_at is not None:
        return "revoked"
    return "open" if share.expires_at > now else "expired"


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()
