"""The page of webhooks: which endpoints are told of verdicts, and what they did not take."""

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from callstore.outbound import deliveries
from callstore.outbound import endpoints as kept
from callstore.outbound.endpoints import BadEndpoint
from callstore.outbound.models import Endpoint
from callstore.people import audit
from callstore.settlement.events import SETTLED_AFTER, TYPES

SHOWN = 50  # dead letters; the command lists all
# What each kind tells, in a line.
TELLS = {
    "verdict.settled": f"once a call: its verdict has not changed for {SETTLED_AFTER.seconds // 60} minutes",
    "verdict.changed": "each change of a verdict that was told",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every endpoint and the dead letters; a POST makes an endpoint."""
    if request.method != "POST":
        return _shown(request)
    url, types = request.POST.get("url", ""), request.POST.getlist("types")
    try:
        made = kept.create(url.replace("\0", ""), types, request.user.get_username())
    except BadEndpoint as error:
        return _shown(request, wrong=str(error), typed={"url": url, "types": types})
    audit.record(request, "webhook_changed", endpoint=made.pk, change="made")
    return _shown(
        request, f"Endpoint {made.pk} is told from now on. It verifies by:", secret=kept.secret(made)
    )


@never_cache
@require_POST
def change(request: HttpRequest, id: int) -> HttpResponse:
    """Pause, resume or delete an endpoint, show its secret, or send its dead letters again."""
    endpoint = Endpoint.objects.filter(pk=id).first() if id < 2**63 else None
    do, secret = request.POST.get("do", ""), ""
    if endpoint is None:
        raise Http404("There is no such endpoint.")
    if do in ("pause", "resume"):
        Endpoint.objects.filter(pk=id).update(enabled=do == "resume")
        said = f"Endpoint {id} is {'told again, from now on' if do == 'resume' else 'paused'}."
    elif do == "delete":
        endpoint.delete()
        said = f"Endpoint {id} is gone, and its dead letters."
    elif do == "secret":
        said, secret = f"Endpoint {id} verifies by:", kept.secret(endpoint)
    elif do == "replay":
        wanted = deliveries.given_up().filter(endpoint_id=id)
        if (letter := request.POST.get("letter", "")).isdecimal():
            wanted = wanted.filter(pk=int(letter[:18]))
        said = f"{deliveries.replay(wanted, datetime.now(UTC))} of endpoint {id} will be sent again."
    else:
        raise Http404("An endpoint has no such button.")
    audit.record(request, "webhook_changed", endpoint=id, change=do)
    return _shown(request, said, secret=secret)


def _shown(
    request: HttpRequest, said: str = "", *, wrong: str = "", secret: str = "", typed: object = None
) -> HttpResponse:
    letters = deliveries.given_up()
    shown = {
        "settings_page": "webhooks",
        "endpoints": kept.every(),
        "letters": letters[:SHOWN],
        "more": max(0, letters.count() - SHOWN),
        "types": [(type, TELLS[type]) for type in TYPES],
        "said": said,
        "wrong": wrong,
        "secret": secret,
        "stays": True,
        "typed": typed or {"types": TYPES},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "dashboard/settings/webhooks.html", shown, status=status)
