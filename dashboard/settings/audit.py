"""The page of the audit: who did what, by actor, action and call, a page at a time."""

from contextlib import suppress
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from callstore.people import audit as kept
from callstore.people.audit import Filter
from callstore.projection import queries

A_PAGE = 50
# Each action in words.
SAYS: dict[str, str] = {
    "signed_in": "Signed in",
    "sign_in_refused": "Sign-in refused",
    "revealed": "Revealed",
    "exported": "Exported",
    "bundle_made": "Bundle made",
    "share_made": "Share made",
    "share_viewed": "Share viewed",
    "share_revoked": "Share revoked",
    "token_made": "Token made",
    "token_revoked": "Token revoked",
    "user_changed": "User changed",
    "alert_changed": "Alert changed",
    "webhook_changed": "Webhook changed",
    "replayed": "Replayed what was set aside",
    "test_event_sent": "Test event sent",
}


@never_cache
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The acts that `?by=&action=&call=` ask for, newest first, below `?before=`."""
    asked = {name: request.GET.get(name, "").replace("\0", "").strip() for name in ("by", "action", "call")}
    calls = _ids(asked["call"])
    before = request.GET.get("before", "")
    place = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    nothing = calls is None
    found = kept.page(Filter(asked["by"], asked["action"], calls or ()), place, A_PAGE)
    entries = [] if nothing else [(each, SAYS.get(each.action, each.action)) for each in found.items]
    older = None if nothing or not found.before else urlencode({**asked, "before": found.before})
    shown = {
        "settings_page": "audit",
        "entries": entries,
        "older": older,
        "asked": asked,
        "filtered": any(asked.values()),
        "from_the_middle": place is not None,
        "newest": urlencode(asked),
        "actions": SAYS.items(),
        "no_call": nothing,
    }
    return render(request, "dashboard/settings/audit.html", shown)


def _ids(text: str) -> tuple[UUID, ...] | None:
    """The call that a text means, by any of its ids, and the id itself; None where there is none such."""
    if not text:
        return ()
    call = queries.find(text)
    ids = {call["call_id"]} if call else set()
    with suppress(ValueError):
        ids.add(str(UUID(text)))
    return tuple(UUID(str(each)) for each in ids) or None
