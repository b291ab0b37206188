"""The forms of the review panel: they work without a script, and htmx swaps the panel alone."""

import re
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from callstore.domain.facts.vocabulary import REVIEW_STATES, VOTES
from callstore.people.review import BadChange, Change, Standing
from callstore.people.who import name as actor
from callstore.projection.review import decisions
from callstore.projection.review.decisions import Overtaken
from callstore.report.document import Document
from dashboard.access.asked_for import call_or_404
from dashboard.review import noting
from dashboard.review.access import assignee
from dashboard.review.panel import Tried, overtaken, panel, saved

CLOCK = re.compile(r"(?:(\d{1,2}):)?(?:(\d{1,3}):)?(\d{1,5}(?:[.,]\d{1,3})?)")


@never_cache
def review(request: HttpRequest, id: str) -> HttpResponse:
    """The panel on a page of its own; a POST decides."""
    call = call_or_404(id)
    if request.method != "POST":
        return _shown(request, call)
    version, given = request.POST.get("version", ""), None
    try:
        change = _change(request)
        given = _typed(change)
        seen = int(version) if version.isdigit() and len(version) < 19 else None
        decisions.decide(call["call_id"], change, actor(request), seen)
    except BadChange as error:
        return _shown(request, call, tried=Tried(str(error), given), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except Overtaken as error:
        return _shown(request, call, tried=Tried(overtaken(error.review), given), status=HTTPStatus.CONFLICT)
    return _done(request, call, saved(change))


@never_cache
@require_POST
def note(request: HttpRequest, id: str) -> HttpResponse:
    """Write a note."""
    call = call_or_404(id)
    text, at = request.POST.get("text", ""), request.POST.get("at", "").strip()
    try:
        noting.write(call, text, _second(at), actor(request))
    except noting.Unwritable as error:
        tried = Tried(str(error), text=text, at=at)
        return _shown(request, call, tried=tried, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _done(request, call, "Note written.")


def _change(request: HttpRequest) -> Change:
    """What the form asks for: a vote by its button, or all that stands. Raises BadChange."""
    given = request.POST
    for vote in VOTES:
        if given.get("vote") == vote:
            return Change(vote=vote)
    state = next((state for state in REVIEW_STATES if state == given.get("state")), None)
    if state is None:
        raise BadChange("This is none of the states of a review.")
    tags = tuple(tag for tag in map(str.strip, given.get("tags", "").split(",")) if tag)
    return Change(state=state, assignee=assignee(given.get("assignee", ""), actor(request)), tags=tags)


def _typed(change: Change) -> Standing | None:
    """What was asked for, to be shown again; tags as they were typed."""
    return (
        None if change.vote else Standing(change.state or "new", change.assignee or None, change.tags or ())
    )


def _second(at: str) -> float | None:
    """The second that `45.2`, `1:05` or `1:02:03` means. Raises Unwritable."""
    if not at:
        return None
    found = CLOCK.fullmatch(at)
    if found is None:
        raise noting.Unwritable("Write the moment as seconds or as minutes:seconds, such as 1:05.2.")
    first, second, seconds = found.groups()
    hours, minutes = (first, second) if second else ("0", first or "0")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


def _done(request: HttpRequest, call: Document, said: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return _shown(request, call, said)
    return HttpResponseRedirect(reverse("call", args=[call["call_id"]]) + "#review")


def _shown(
    request: HttpRequest, call: Document, said: str = "", tried: Tried | None = None, status: int = 200
) -> HttpResponse:
    part = bool(getattr(request, "htmx", False))
    shown = {"call": call, "review": panel(request, call, said, tried)}
    return render(request, f"dashboard/review/{'panel' if part else 'page'}.html", shown, status=status)
