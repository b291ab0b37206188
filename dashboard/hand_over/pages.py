"""Pages of who hands a call over: its report, and the shares of it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from callstore.domain.facts.clock import iso
from callstore.people import audit, shares, who
from callstore.people.models import Share
from callstore.report import wording
from callstore.report.document import Document
from dashboard.access.asked_for import call_or_404
from dashboard.export.incident import redacted
from dashboard.hand_over.links import address, traces_of
from dashboard.hand_over.written_report import written_report

# What a share may last, as a choice.
LASTS = {
    3_600: "1 hour",
    86_400: "1 day",
    7 * 86_400: "7 days",
    30 * 86_400: "30 days",
    90 * 86_400: "90 days",
}


@never_cache
@require_safe
def report(request: HttpRequest, id: str) -> HttpResponse:
    """The report of a call: what its page says, without a script, for paper."""
    call = call_or_404(id)
    page = reverse("call", args=[call["call_id"]])
    shown = {
        **written_report(call, {"from": redacted(call.get("from")), "to": redacted(call.get("to"))}),
        "back": page,
        "permalink": request.build_absolute_uri(page),
        "made_at": iso(datetime.now(UTC).timestamp()),
    }
    return render(request, "dashboard/hand_over/report.html", shown)


@never_cache
def call_shares(request: HttpRequest, id: str) -> HttpResponse:
    """The shares of a call; a POST makes one, and shows its link this once."""
    call = call_or_404(id)
    if request.method != "POST":
        return _shown(request, call)
    lasts = request.POST.get("expires_in_s", "")
    if not lasts.isdigit() or int(lasts) not in LASTS:
        return _shown(request, call, wrong="Choose how long the link shall hold.", status=422)
    if call.get("erased_at"):
        return _shown(request, call, wrong="This call was erased: there is nothing to share.", status=422)
    try:
        made = shares.make(call["call_id"], who.name(request), int(lasts), audio="audio" in request.POST)
    except shares.TooManyShares:
        wrong = f"This call has {shares.MOST_OPEN} open links. Revoke one first."
        return _shown(request, call, wrong=wrong, status=409)
    audit.record(request, "share_made", call["call_id"], share=str(made.share.pk), audio=made.share.audio)
    return _shown(request, call, link=address(request, made.token))


@require_POST
def revoke(request: HttpRequest, id: str, share: UUID) -> HttpResponse:
    """Revoke a share of a call."""
    call, found = call_or_404(id), shares.by_id(share)
    if found is None or str(found.trace_id) not in traces_of(call):
        raise Http404("This call has no such share.")
    if shares.revoke(found, who.name(request)):
        audit.record(request, "share_revoked", call["call_id"], share=str(share))
    return HttpResponseRedirect(reverse("call-shares", args=[call["call_id"]]))


def _shown(
    request: HttpRequest, call: Document, *, link: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    shown = {
        "call": call,
        "headline": wording.headline(call),
        "shares": [_row(share, now) for share in shares.of_call(traces_of(call))],
        "lasts": LASTS,
        "usual": shares.USUAL_S,
        "link": link,
        "wrong": wrong,
    }
    return render(request, "dashboard/hand_over/shares.html", shown, status=status)


def _row(share: Share, now: datetime) -> dict[str, Any]:
    return {"share": share, "state": shares.state(share, now)}
