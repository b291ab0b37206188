"""A recording moved by hand on the call's axis."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Body, Router, Schema, Status
from pydantic import Field

from callstore.people.who import name
from callstore.requests import nudges
from dashboard.api.answers import ERRORS, ERRORS_OF_WRITES, CallId, RecordingId, call_or_404
from dashboard.api.auth import Token, WritingSession
from dashboard.api.problems import Problem

# Twilio's stamps are whole seconds, and a clock without time service is off by a minute or two.
FARTHEST_S = 600.0

router = Router(tags=["audio"], auth=[WritingSession(), Token()])


class Nudge(Schema):
    """How far to move a recording."""

    seconds: Annotated[
        float,
        Field(
            ge=-FARTHEST_S, le=FARTHEST_S, allow_inf_nan=False,
            description="From where it was aligned by itself, later if positive; 0 takes earlier nudges back",
        ),
    ]  # fmt: skip


class Nudged(Schema):
    """What was kept."""

    recording: str
    nudged_s: float


@router.post("/calls/{id}/recordings/{recording}/nudge", response={201: Nudged, **ERRORS, **ERRORS_OF_WRITES})
def nudge_recording(
    request: HttpRequest, id: CallId, recording: RecordingId, nudge: Annotated[Nudge, Body()]
) -> Status[Nudged]:
    """Move a recording on the call's axis by hand. The last nudge stands; all of them are in the log."""
    legs = {one["recording"]: one["leg"] for one in call_or_404(id).get("recordings") or ()}
    if recording not in legs:
        raise Problem(404, "The call has no such recording.")
    seconds = round(nudge.seconds, 3)
    by = name(request)
    nudges.nudge(nudges.NudgeRecording(leg=legs[recording], recording=recording, seconds=seconds, by=by))
    return Status(201, Nudged(recording=recording, nudged_s=seconds))
