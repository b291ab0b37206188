"""The log of a call, and one event of it: pages of their own, or with `?part=` what the call's page shows."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from callstore.projection import queries
from callstore.report.document import Document
from dashboard.access.asked_for import call_or_404
from dashboard.call.log.inspected import delivery, envelope, line, marks_of, proof, uses
from dashboard.call.timeline import timeline

EVENTS_A_PAGE = 200  # most calls have fewer
LARGEST = 2**63  # of a position in Postgres


def events(request: HttpRequest, id: str) -> HttpResponse:
    """The log of a call, a page at a time: from `?cursor=`, or the page with `?position=`.

    By time, or with `?order=arrival` by when each came.
    """
    document = call_or_404(id)
    order: queries.Order = "arrival" if request.GET.get("order") == "arrival" else "event"
    try:
        page = queries.events(
            document["call_id"],
            bodies=False,
            cursor=request.GET.get("cursor") or None,
            position=_position(request.GET.get("position")),
            limit=EVENTS_A_PAGE,
            order=order,
        )
    except (ValueError, LookupError) as error:
        raise Http404(str(error)) from None
    shown = {
        "lines": [line(event) for event in page.items],
        "next_cursor": page.next_cursor,
        "order": order,
        "from_the_middle": "position" in request.GET or "cursor" in request.GET,
    }
    return _rendered(request, "events", document, shown)


def event(request: HttpRequest, id: str, position: int, revealed: bool = False) -> HttpResponse:
    """One event: its delivery (masked unless revealed), proof, marks, neighbours, and what rests on it."""
    document = call_or_404(id)
    found = queries.event(document["call_id"], position) if position < LARGEST else None
    if found is None:
        raise Http404("No event of this call has this position.")
    shown = {
        "event": line(found.event),
        "received_at": found.event["received_at"],
        "clock": found.event["clock"],
        "sequence": found.event["sequence"],
        "proof": proof(found.event),
        "envelope": envelope(found.event, whole=revealed),
        "delivery": delivery(found.event, whole=revealed),
        "revealed": revealed,
        "uses": list(uses(document, position)),
        "marks": marks_of(timeline(document), position),
        "before": found.before,
        "after": found.after,
    }
    return _rendered(request, "event", document, shown)


def _position(text: str | None) -> int | None:
    """The position that is asked for; None for nothing. Raises ValueError for what is none."""
    position = int(text) if text else None
    if position is not None and not 0 <= position < LARGEST:
        raise ValueError("No event of this call has this position.")
    return position


def _rendered(
    request: HttpRequest, name: str, document: Document, shown: Mapping[str, object]
) -> HttpResponse:
    part = "part" in request.GET
    template = f"dashboard/call/{name}_part.html" if part else f"dashboard/call/{name}_page.html"
    return render(request, template, {"call": document, "part": part, **shown})
