"""A call's recordings: their waveform and their bytes."""

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from callstore.audio.unreadable import Unreadable
from callstore.media.storage import storage
from callstore.media.store import NotKept
from callstore.report.document import Document
from callstore.report.document_sound import RecordingPart
from dashboard.api import excerpt
from dashboard.api.answers import ERRORS, CallId, RecordingId, as_json, call_or_404
from dashboard.api.problems import Problem
from dashboard.api.shapes import calls as shape
from dashboard.export import recording as recording_bytes

MAX_PX = 10_000  # more columns than any screen has pixels
STORE_AWAY = "The recordings cannot be read now: {}. Ask again in a moment."
MAX_S = 1e9  # seconds from a call's start, far beyond any call

router = Router(tags=["audio"])


@router.get("/calls/{id}/peaks", response={200: shape.Peaks, **ERRORS})
def get_peaks(
    request: HttpRequest,
    id: CallId,
    channel: Annotated[
        int, Query(ge=1, le=2, description="1 the caller, 2 the agent, unless `channels_swapped`")
    ] = 1,
    from_: Annotated[
        float, Query(alias="from", ge=-MAX_S, le=MAX_S, description="Seconds from started_at")
    ] = -MAX_S,
    to: Annotated[float, Query(ge=-MAX_S, le=MAX_S, description="The same")] = MAX_S,
    px: Annotated[int, Query(ge=1, le=MAX_PX, description="So many columns at most")] = 1_000,
    recording: Annotated[str | None, Query(description="Its SID; else the first that was heard")] = None,
) -> HttpResponse:
    """The waveform between two moments, in seconds from started_at, in at most `px` columns."""
    from callstore.audio import peaks as waveform  # with numpy, for who looks at a call

    entry, kept = _recording(call_or_404(id), recording, "peaks")
    start = entry["start_s"] or 0.0
    try:
        drawn = waveform.read(storage().read(kept), channel - 1, from_ - start, to - start, px)
    except OSError as error:
        raise Problem(503, STORE_AWAY.format(error.strerror)) from None
    except NotKept:
        raise Problem(404, "The waveform of this recording is not kept here.") from None
    except ValueError as error:
        raise Problem(422, f"This recording has {error}.") from None
    x0, dx, least, greatest = drawn
    return as_json({"x0": round(x0 + start, 6), "dx": dx, "least": least, "greatest": greatest})


@router.get("/calls/{id}/audio/{recording}", response=ERRORS)
@router.api_operation(["HEAD"], "/calls/{id}/audio/{recording}", include_in_schema=False)
def get_audio(
    request: HttpRequest,
    id: CallId,
    recording: RecordingId,
    from_: Annotated[
        float | None,
        Query(alias="from", ge=-MAX_S, le=MAX_S, description="A stretch of it: seconds from started_at"),
    ] = None,
    to: Annotated[float | None, Query(ge=-MAX_S, le=MAX_S, description="Its end, the same")] = None,
) -> HttpResponseBase:
    """The bytes of a recording; any range of them. With `from` and `to` a stretch of it, as a WAV."""
    entry, kept = _recording(call_or_404(id), recording, "media")
    try:
        if from_ is not None and to is not None:
            start = entry["start_s"] or 0.0
            name = f"{recording}-{from_:g}-{to:g}"
            return excerpt.serve(request, kept, from_ - start, to - start, name)
        answer = recording_bytes.serve(request, kept)
    except OSError as error:
        raise Problem(503, STORE_AWAY.format(error.strerror)) from None
    except NotKept:
        answer = None
    except (ValueError, Unreadable) as error:
        raise Problem(422, f"This stretch cannot be cut out: {error}.") from None
    if answer is None:
        raise Problem(404, "The bytes of this recording are not kept here.")
    return answer


def _recording(call: Document, sid: str | None, part: Literal["peaks", "media"]) -> tuple[RecordingPart, str]:
    """The first recording of the call, of all or of one SID, of which this part is kept; and the part's key.

    Raises Problem.
    """
    entries = [entry for entry in call.get("recordings") or () if sid in (None, entry["recording"])]
    for entry in entries:
        if key := entry.get(part):
            return entry, key
    if removed := next(filter(None, (entry.get("removed_at") for entry in entries)), None):
        raise Problem(410, f"The sound of this recording was removed on {removed[:10]}.")
    state = entries[0].get("state") if entries else None
    raise Problem(404, f"The recording is {state}." if state else "The call has no such recording.")
