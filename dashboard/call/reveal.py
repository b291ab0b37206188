"""What is masked on a call's pages, shown to who may see it: each time it is asked for, and entered.

Nothing is remembered of it: the page that is opened next is masked again.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from callstore.people import audit
from callstore.projection import queries
from dashboard.access.asked_for import call_or_404
from dashboard.call.log import pages as log


@never_cache
def numbers(request: HttpRequest, id: str) -> HttpResponse:
    """The whole numbers of a call: a page of its own, or the part of the call's page where they stand."""
    call = call_or_404(id)
    audit.record(request, "revealed", call["call_id"], by="page", kind="numbers")
    part = bool(getattr(request, "htmx", False))
    shown = {"call": call, "ends": {"from": call.get("from"), "to": call.get("to")}, "revealed": True}
    return render(request, f"dashboard/call/{'ends' if part else 'numbers_page'}.html", shown)


@never_cache
def event(request: HttpRequest, id: str, position: int) -> HttpResponse:
    """The page of one event, with its delivery as it came."""
    call = call_or_404(id)
    if position >= log.LARGEST or queries.event(call["call_id"], position) is None:
        raise Http404("No event of this call has this position.")
    audit.record(request, "revealed", call["call_id"], by="page", kind="event", position=position)
    return log.event(request, id, position, revealed=True)
