"""The audit: what people and programs did that somebody may ask about later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from callstore.people import who
from callstore.people.address import client_address
from callstore.people.models import Audit

Action = Literal[
    "signed_in", "sign_in_refused", "revealed", "exported", "bundle_made",
    "share_made", "share_viewed", "share_revoked", "token_made", "token_revoked",
    "user_changed", "alert_changed", "webhook_changed", "replayed", "test_event_sent",
]  # fmt: skip
ACTIONS: tuple[Action, ...] = get_args(Action)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which acts are asked for; an empty part leaves out none."""

    by: str = ""
    action: str = ""
    call_ids: tuple[UUID, ...] = ()  # a call's own and those of its traces


class Page(NamedTuple):
    """Acts, newest first, and the id below which the next page begins; None on the last."""

    items: Sequence[Audit]
    before: int | None


def record(actor: HttpRequest | str, action: Action, call_id: UUID | str | None = None, **what: Any) -> Audit:
    """Keep that somebody did something, before he is given what he asked for.

    `actor` is the request that asked, or a name where there was none (a command's). `what` is JSON that tells
    more; no word and no number of a caller may be in it.
    """
    by, address = (actor, "") if isinstance(actor, str) else _of(actor)
    call = UUID(call_id) if isinstance(call_id, str) else call_id
    return Audit.objects.create(by=by, address=address, action=action, call_id=call, what=what)


def page(wanted: Filter, before: int | None, limit: int) -> Page:
    """Up to `limit` acts, newest first, of those below the id `before`."""
    rows = Audit.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if wanted.by:
        rows = rows.filter(by=wanted.by)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.call_ids:
        rows = rows.filter(call_id__in=wanted.call_ids)
    found = list(rows[: limit + 1])
    return Page(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def _of(request: HttpRequest) -> tuple[str, str]:
    return who.name(request), client_address(request.META, settings.TRUSTED_PROXIES)
