"""The read API at /api/v1/: calls, their events, audio and the export."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI, Query
from ninja.operation import Operation

from callstore.advice.dial_action import DialReport
from callstore.audio import peaks as waveform
from callstore.eventlog.reading import read
from callstore.media.storage import NotKept, storage
from callstore.projection import queries
from callstore.projection.linker import component_of_id
from callstore.report.history import TooLong
from callstore.search.compile import where
from callstore.search.conditions import Where
from callstore.search.errors import QueryError
from dashboard.api import advice, audio
from dashboard.api import schemas as shape
from dashboard.api.auth import Session, Token, sees_raw
from dashboard.api.problems import Problem, tell
from dashboard.api.schemas import STABLE
from dashboard.call.figure import figure
from dashboard.call.past import past
from dashboard.call.timeline import timeline
from dashboard.export import files
from dashboard.export.incident import About

MAX_LIMIT = 200
MAX_PX = 10_000  # more columns than any screen has pixels
MAX_S = 1e9  # seconds from a call's start, far beyond any call


class CallsAPI(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Clients are generated with these names, which therefore must not follow our folders."""
        return f"dashboard_api_{operation.view_func.__name__}"


api = CallsAPI(
    title="callstore",
    version="1",
    description="Reads calls. The query language is that of the page; see docs/query-language.md.",
    auth=[Session(), Token()],
    urls_namespace="api-1",
)
tell(api)
ERRORS: dict[Any, Any] = {401: shape.Wrong, 404: shape.Wrong, 422: shape.Wrong}
Text = Annotated[str, Query(description="A query, such as is:truncated status:completed sip:200")]


@api.get("/calls", response={200: shape.CallPage, **ERRORS}, tags=["calls"])
def list_calls(
    request: HttpRequest,
    q: Text = "",
    sort: str = queries.NEWEST_FIRST,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    cursor: str = "",
) -> HttpResponse:
    """The calls that a query finds, a page at a time; `sort` is a field, `-` before it for descending."""
    condition = _where(q)
    try:
        items, next_cursor = queries.page(condition, sort, cursor or None, limit)
    except ValueError as error:
        raise Problem(422, str(error)) from None
    return _json({"items": [_summary(item) for item in items], "next_cursor": next_cursor})


@api.get("/calls/{id}", response={200: shape.CallDetail, **ERRORS}, tags=["calls"])
def get_call(request: HttpRequest, id: str) -> HttpResponse:
    """One call by our id, any of its Twilio call SIDs or its AI call id."""
    document = _call(id)
    return _json({**_summary(document), **{name: document[name] for name in document if name not in STABLE}})


@api.get("/calls/{id}/advice", response={200: shape.AdviceGiven, **ERRORS}, tags=["calls"])
def get_advice(
    request: HttpRequest,
    id: str,
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
        raise Problem(404, "No call has this id.")
    return _json(answer)


@api.get("/calls/{id}/history", response={200: shape.Past, **ERRORS}, tags=["calls"])
def get_history(request: HttpRequest, id: str) -> HttpResponse:
    """What was known when: each change of the verdict, and which facts brought it, by their arrival."""
    try:
        steps, pause_s = past(_call(id)["call_id"])
    except TooLong as error:
        raise Problem(422, str(error)) from None
    return _json({"items": steps, "pause_s": pause_s})


@api.get("/calls/{id}/timeline", response={200: shape.Lanes, **ERRORS}, tags=["calls"])
def get_timeline(request: HttpRequest, id: str) -> HttpResponse:
    """The call as lanes and marks on one axis, each mark with the positions of the events that made it."""
    return _json(timeline(_call(id)))


@api.get("/calls/{id}/figure.json", response={200: shape.Figure, **ERRORS}, tags=["calls"])
def get_figure(request: HttpRequest, id: str) -> HttpResponse:
    """The timeline as a Plotly figure, without a word that anybody said."""
    return _json(figure(timeline(_call(id))))


@api.get("/calls/{id}/events", response={200: shape.Events, **ERRORS}, tags=["calls"])
def get_events(request: HttpRequest, id: str) -> HttpResponse:
    """The log of the call."""
    traces = component_of_id(_call(id)["call_id"])
    return _json({"items": read.listing(traces, bodies=sees_raw(request))})


@api.get("/calls/{id}/peaks", response={200: shape.Peaks, **ERRORS}, tags=["audio"])
def get_peaks(
    request: HttpRequest,
    id: str,
    channel: Annotated[
        int, Query(ge=1, le=2, description="1 the caller, 2 the agent, unless `channels_swapped`")
    ] = 1,
    from_: Annotated[float, Query(alias="from", ge=-MAX_S, le=MAX_S)] = -MAX_S,
    to: Annotated[float, Query(ge=-MAX_S, le=MAX_S)] = MAX_S,
    px: Annotated[int, Query(ge=1, le=MAX_PX)] = 1_000,
    recording: Annotated[str | None, Query(description="Its SID; else the first that was heard")] = None,
) -> HttpResponse:
    """The waveform between two moments, in seconds from started_at, in at most `px` columns."""
    entry = _recording(_call(id), recording, "peaks")
    start = entry["start_s"] or 0.0
    try:
        drawn = waveform.read(storage().read(entry["peaks"]), channel - 1, from_ - start, to - start, px)
    except NotKept:
        raise Problem(404, "The waveform of this recording is not kept here.") from None
    except ValueError as error:
        raise Problem(422, f"This recording has {error}.") from None
    x0, dx, least, greatest = drawn
    return _json({"x0": round(x0 + start, 6), "dx": dx, "least": least, "greatest": greatest})


@api.get("/calls/{id}/audio/{recording}", response=ERRORS, tags=["audio"])
@api.api_operation(["HEAD"], "/calls/{id}/audio/{recording}", include_in_schema=False)
def get_audio(request: HttpRequest, id: str, recording: str) -> HttpResponseBase:
    """The bytes of a recording; any range of them."""
    answer = audio.serve(request, _recording(_call(id), recording, "media")["media"])
    if answer is None:
        raise Problem(404, "The bytes of this recording are not kept here.")
    return answer


@api.get("/incidents.csv", response=ERRORS, tags=["export"])
def get_incidents_csv(request: HttpRequest, q: Text = "") -> StreamingHttpResponse:
    """One row a call, in the fixed columns of incident_csv/1, safe to open in a spreadsheet."""
    return _download(q, files.csv_lines, "csv", "text/csv; charset=utf-8; header=present")


@api.get("/incidents.jsonl", response=ERRORS, tags=["export"])
def get_incidents_jsonl(request: HttpRequest, q: Text = "") -> StreamingHttpResponse:
    """The same fields, a JSON object a line, as they are."""
    return _download(q, files.json_lines, "jsonl", "application/jsonl; charset=utf-8")


@api.get("/{path:anything}", include_in_schema=False)
def nothing_here(request: HttpRequest, anything: str) -> HttpResponse:
    raise Problem(404, "There is nothing at this path; /api/v1/docs lists what there is.")


def _where(q: str) -> Where:
    try:
        return where(q, datetime.now(UTC))
    except QueryError as error:
        raise Problem(
            422,
            error.message,
            type="urn:callstore:problem:query",
            position=error.position,
            length=error.length,
            message=error.message,
            suggestion=error.suggestion,
        ) from None


def _call(id: str) -> queries.Document:
    document = queries.find(id)
    if document is None:
        raise Problem(404, "No call has this id.")
    return document


def _recording(call: queries.Document, sid: str | None, part: str) -> dict[str, Any]:
    entries = [entry for entry in call.get("recordings") or () if sid in (None, entry["recording"])]
    for entry in entries:
        if entry.get(part):
            return entry  # type: ignore[no-any-return]
    state = entries[0].get("state") if entries else None
    raise Problem(404, f"The recording is {state}." if state else "The call has no such recording.")


def _summary(document: queries.Document) -> dict[str, Any]:
    return {name: document.get(name) for name in STABLE}


def _json(body: Any) -> HttpResponse:
    # Straight from the stored document: validating what the projection wrote could only make errors of it.
    return HttpResponse(orjson.dumps(body), "application/json")


def _download(q: str, lines: Callable[..., Any], kind: str, content_type: str) -> StreamingHttpResponse:
    about = About(q, datetime.now(UTC))
    answer = StreamingHttpResponse(lines(queries.stream(_where(q)), about), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="incidents-{about.at:%Y%m%dT%H%M%SZ}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
