"""Calls: a page of them, and one with its advice, history, timeline, figure and events."""

from datetime import UTC, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from callstore.advice.dial_action import DialReport
from callstore.projection import queries
from callstore.report.document import Document
from callstore.report.history import TooLong
from callstore.search.facets.rare import rarely
from callstore.search.keys import column_sorted_by
from callstore.search.parser import parse
from callstore.search.snippets import snippets
from dashboard.access.principal import may
from dashboard.api import advice
from dashboard.api.answers import (
    ERRORS,
    CallId,
    QueryText,
    as_json,
    as_of_or_404,
    call_or_404,
    condition_or_422,
    no_call,
)
from dashboard.api.problems import Problem
from dashboard.api.shapes import calls as shape
from dashboard.api.shapes.calls import STABLE
from dashboard.call.figure import figure
from dashboard.call.timeline import timeline

MAX_LIMIT = 200
MAX_S = 1e9  # seconds from a call's start, far beyond any call
EVENTS_A_PAGE = MAX_LIMIT  # most calls have fewer
Sort = Annotated[
    str,
    Query(
        description="A field or a key of the query language such as gap, - before it for descending;"
        " calls of which it is not known come last. Fields: " + ", ".join(sorted(queries.SORTABLE)),
        examples=[queries.NEWEST_FIRST, "-gap"],
    ),
]
Cursor = Annotated[str, Query(description="The `next_cursor` of the page before; none for the first")]
Position = Annotated[
    int | None,
    Query(ge=0, lt=2**63, description="As it was known when this event of the call had come; else as it is"),
]

router = Router(tags=["calls"])


@router.get("/calls", response={200: shape.CallPage, **ERRORS})
def list_calls(
    request: HttpRequest,
    q: QueryText = "",
    sort: Sort = queries.NEWEST_FIRST,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="So many calls at most")] = 50,
    cursor: Cursor = "",
) -> HttpResponse:
    """The calls that a query finds, a page at a time; `sort` is a field, `-` before it for descending.

    Where the query asks for words, each call has a `snippet`; null if they are in its ids alone.
    """
    condition = condition_or_422(q)
    try:
        few = rarely(condition, parse(q), datetime.now(UTC))
        items, next_cursor = queries.page(condition, column_sorted_by(sort), cursor or None, limit, few)
    except ValueError as error:
        raise Problem(422, str(error)) from None
    said = snippets(items, parse(q))
    shown = [_summary(item) for item in items]
    if said is not None:
        shown = [{**item, "snippet": said.get(str(item["call_id"]))} for item in shown]
    return as_json({"items": shown, "next_cursor": next_cursor})


@router.get("/calls/{id}", response={200: shape.CallDetail, **ERRORS})
def get_call(request: HttpRequest, id: CallId) -> HttpResponse:
    """One call by our id, any of its Twilio call SIDs or its AI call id."""
    document = call_or_404(id)
    return as_json(
        {**_summary(document), **{name: part for name, part in document.items() if name not in STABLE}}
    )


@router.get("/calls/{id}/advice", response={200: shape.AdviceGiven, **ERRORS})
def get_advice(
    request: HttpRequest,
    id: CallId,
    call_status: Annotated[str | None, Query(description="CallStatus of the <Dial action> request")] = None,
    dial_call_status: Annotated[str | None, Query(description="its DialCallStatus")] = None,
    dial_call_sid: Annotated[str | None, Query(description="its DialCallSid")] = None,
    finished: Annotated[
        bool | None, Query(description="whether the agent's finish tool was called or you hung up")
    ] = None,
) -> HttpResponse:
    """What to do with a caller whose AI leg has just ended, from what is known in this second.

    Made for the <Dial action> handler, which may tell what it knows. `unknown` whenever in doubt.
    """
    told = DialReport(call_status, dial_call_status, dial_call_sid, finished)
    answer = advice.answer(id, told)
    if answer is None:
        raise no_call(id)
    return as_json(answer)


@router.get("/calls/{id}/history", response={200: shape.Past, **ERRORS})
def get_history(request: HttpRequest, id: CallId) -> HttpResponse:
    """What was known when: each change of the verdict, and which facts brought it, by their arrival."""
    try:
        steps, pause_s, cut_off_at = queries.history(call_or_404(id)["call_id"])
    except TooLong as error:
        raise Problem(422, str(error)) from None
    return as_json({"items": steps, "pause_s": pause_s, "cut_off_at": cut_off_at})


@router.get("/calls/{id}/timeline", response={200: shape.Lanes, **ERRORS})
def get_timeline(request: HttpRequest, id: CallId, asof: Position = None) -> HttpResponse:
    """The call as lanes and marks on one axis, each mark with the positions of the events that made it."""
    return as_json(timeline(as_of_or_404(id, asof)))


@router.get("/calls/{id}/figure.json", response={200: shape.Figure, **ERRORS})
def get_figure(
    request: HttpRequest,
    id: CallId,
    lanes: Annotated[
        str | None, Query(description="Lanes to draw, top to bottom, parted by commas; else all filled")
    ] = None,
    from_: Annotated[
        float | None, Query(alias="from", ge=-MAX_S, le=MAX_S, description="What is in view, in seconds")
    ] = None,
    to: Annotated[float | None, Query(ge=-MAX_S, le=MAX_S, description="Its end, the same")] = None,
    asof: Position = None,
) -> HttpResponse:
    """The timeline as a Plotly figure, without a word that anybody said.

    Of a call with very many marks it has those in view, neighbours drawn as one, and says so in layout.meta.
    """
    view = (from_, to) if from_ is not None and to is not None and from_ < to else None
    return as_json(figure(timeline(as_of_or_404(id, asof)), lanes, view))


@router.get("/calls/{id}/events", response={200: shape.Events, **ERRORS})
def get_events(
    request: HttpRequest,
    id: CallId,
    limit: Annotated[int | None, Query(ge=1, le=MAX_LIMIT, description="So many events at most")] = None,
    cursor: Cursor = "",
    position: Annotated[
        int | None,
        Query(ge=0, lt=2**63, description="Begin with the page that has this event"),
    ] = None,
    order: Annotated[queries.Order, Query(description="By when each happened, or by when it came")] = "event",
) -> HttpResponse:
    """The log of the call by time, or by arrival, a page at a time."""
    call_id, bodies, at_most = call_or_404(id)["call_id"], may(request, "raw"), limit or EVENTS_A_PAGE
    try:
        page = queries.events(
            call_id, bodies=bodies, cursor=cursor or None, position=position, limit=at_most, order=order
        )
    except ValueError as error:
        raise Problem(422, str(error)) from None
    except LookupError as error:
        raise Problem(404, str(error)) from None
    return as_json(page._asdict())


def _summary(document: Document) -> dict[str, object]:
    return {name: document.get(name) for name in STABLE}
