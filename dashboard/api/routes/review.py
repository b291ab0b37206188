"""What people decide about calls: one at a time, many at once, and what was decided before."""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Router, Status

from callstore.people.review import BadChange
from callstore.people.who import name as actor
from callstore.projection import queries
from callstore.projection.review import decisions
from callstore.projection.review.decisions import Overtaken, Reviewed
from dashboard.api.answers import ERRORS, ERRORS_OF_WRITES, CallId, call_or_404, condition_or_422, no_call
from dashboard.api.auth import Session, Token, WritingSession
from dashboard.api.problems import Problem
from dashboard.api.shapes import review as shape
from dashboard.api.shapes.calls import Wrong
from dashboard.review import bulk, noting

router = Router(tags=["review"], auth=[WritingSession(), Token()])
OVERTAKEN: dict[Any, Any] = {409: Wrong}


@router.post("/calls/{id}/review", response={200: shape.ReviewNow, **ERRORS, **ERRORS_OF_WRITES, **OVERTAKEN})
def review_call(request: HttpRequest, id: CallId, change: Annotated[shape.ReviewChange, Body()]) -> Any:
    """Decide about a call: its state, whose it is, its tags, whether you agree with its verdict."""
    me = actor(request)
    try:
        made = decisions.decide(id, change.change(me), me, change.version)
    except BadChange as error:
        raise Problem(422, str(error)) from None
    except Overtaken as error:
        raise _overtaken(error) from None
    return shape.review_now(_there(made, id), me)


@router.get("/calls/{id}/review", response={200: shape.ReviewHistory, **ERRORS}, auth=[Session(), Token()])
def get_review(request: HttpRequest, id: CallId) -> Any:
    """What stands of a call's review, and every decision that led there."""
    found = _there(decisions.find(id), id)
    history = [shape.decision_made(each) for each in found.history]
    return {**shape.review_now(found, actor(request)), "history": history}


@router.post("/calls/{id}/notes", response={201: shape.Note, **ERRORS, **ERRORS_OF_WRITES})
def write_note(request: HttpRequest, id: CallId, note: Annotated[shape.NoteToWrite, Body()]) -> Status[Any]:
    """Write a note of a call. It is a fact of the log, its text sealed under the call's key."""
    me, call = actor(request), call_or_404(id)
    try:
        noting.write(call, note.text, note.at_s, me)
    except noting.Unwritable as error:
        raise Problem(422, str(error)) from None
    return Status(201, max(queries.notes(call), key=lambda each: each["positions"]))


@router.get("/calls/{id}/notes", response={200: shape.Notes, **ERRORS}, auth=[Session(), Token()])
def get_notes(request: HttpRequest, id: CallId) -> Any:
    """The notes of a call, with those that were written a moment ago."""
    return {"items": queries.notes(call_or_404(id))}


@router.post("/calls/bulk", response={200: shape.BulkDone, **ERRORS, **ERRORS_OF_WRITES})
def review_calls(request: HttpRequest, many: Annotated[shape.BulkChange, Body()]) -> Any:
    """Change the review of many calls, as one act. It is upon all calls that are found when it begins."""
    me = actor(request)
    if (many.q is None) == (many.ids is None):
        raise Problem(422, "Say which calls: by q or by ids, and not by both.")
    try:
        change = many.action.change(me)
        if many.ids is not None:
            done = bulk.act_on_ids(many.ids, change, me)
        else:
            done = bulk.act_on_all(condition_or_422(many.q or ""), change, me)
    except (BadChange, bulk.TooMany) as error:
        raise Problem(422, str(error)) from None
    return {"id": done.id, "count": done.calls, "changed": done.changed, "unknown": done.unknown}


def _there(found: Reviewed | None, id: str) -> Reviewed:
    if found is None:
        raise no_call(id)
    return found


def _overtaken(error: Overtaken) -> Problem:
    now = error.review
    ago = (datetime.now(UTC) - now.last_at).total_seconds() if now.last_at else 0.0
    return Problem(
        409,
        f"Changed by {now.last_by} {max(ago, 0):.0f} s ago. Look at it, and decide again.",
        type="urn:callstore:problem:overtaken",
        state=now.standing.state,
        assignee=now.standing.assignee,
        tags=list(now.standing.tags),
        version=now.version,
    )
