"""Saved views: kept, changed by those who may, and never overwritten unseen."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from callstore.people import saved_views
from callstore.people.saved_views import Actor, Known
from callstore.search.errors import QueryError
from dashboard.access.principal import principal
from dashboard.api.answers import ERRORS, ERRORS_OF_WRITES, as_json, query_problem
from dashboard.api.auth import Token, WritingSession
from dashboard.api.problems import Problem
from dashboard.api.shapes import view as shape
from dashboard.api.shapes.calls import Wrong
from dashboard.views import actor, checking, versions
from dashboard.views.state import State

CHANGED: dict[Any, Any] = {412: Wrong}
Slug = Annotated[str, Path(description="As the list of views names it, and the address of its list")]
WRITES = [WritingSession(), Token()]

router = Router(tags=["views"])


@router.get("/views", response={200: shape.Views, **ERRORS})
def list_views(request: HttpRequest) -> HttpResponse:
    """Your own saved views and those that the team shares."""
    return as_json({"items": [shape.told(each) for each in saved_views.visible(_actor(request))]})


@router.post("/views", auth=WRITES, response={201: shape.View, **ERRORS, **ERRORS_OF_WRITES})
def create_view(request: HttpRequest, sent: shape.ViewToKeep) -> HttpResponse:
    """Keep a view. Its slug is made of its name and stays, whatever the view is called later."""
    state = _checked(State(), sent)
    team, name = {"team": bool(sent.team)}, _name(sent.name or "")
    try:
        known = saved_views.create(_actor(request), name, {**state.columns, **team})
    except saved_views.TooMany:
        raise Problem(422, f"You keep {saved_views.MOST_OWNED} views already.") from None
    _star(request, known, sent.starred)
    answer = _answer(_find(request, known.view.slug))
    answer.status_code = 201
    answer["Location"] = f"/api/v1/views/{known.view.slug}"
    return answer


@router.get("/views/{slug}", response={200: shape.View, **ERRORS})
def get_view(request: HttpRequest, slug: Slug) -> HttpResponse:
    """One saved view; its ETag is its version."""
    return _answer(_find(request, slug))


@router.put("/views/{slug}", auth=WRITES, response={200: shape.View, **ERRORS, **ERRORS_OF_WRITES, **CHANGED})
def change_view(request: HttpRequest, slug: Slug, sent: shape.ViewToChange) -> HttpResponse:
    """Change what is sent of a view. With If-Match, or `version`, nobody's change is overwritten unseen."""
    known = _find(request, slug)
    changes: dict[str, Any] = {}
    if shape.parts(sent):
        changes = _checked(State.of_view(known.view), sent).columns
    if sent.name is not None:
        changes["name"] = _name(sent.name)
    if sent.team is not None:
        changes["team"] = sent.team
    if changes:
        _may_edit(known)
        _at_once(lambda: saved_views.change(known.view, changes, versions.of_client(request, sent.version)))
    _star(request, known, sent.starred)
    return _answer(_find(request, slug))


@router.delete("/views/{slug}", auth=WRITES, response={204: None, **ERRORS, **ERRORS_OF_WRITES, **CHANGED})
def delete_view(request: HttpRequest, slug: Slug) -> HttpResponse:
    """Delete a view; with If-Match only as you saw it."""
    known = _find(request, slug)
    _may_edit(known)
    _at_once(lambda: saved_views.delete(known.view, versions.of_client(request, None)))
    return HttpResponse(status=204)


def _actor(request: HttpRequest) -> Actor:
    return actor.of(principal(request))


def _find(request: HttpRequest, slug: str) -> Known:
    known = saved_views.find(slug, _actor(request))
    if known is None:
        raise Problem(404, "No view that you may see has this slug.")
    return known


def _may_edit(known: Known) -> None:
    if not known.editable:
        raise Problem(403, "Its owner alone edits this view, or an admin. Keep one of your own beside it.")


def _checked(state: State, sent: shape.ViewParts) -> State:
    wanted = checking.merged(state, shape.parts(sent))
    try:
        checking.check(wanted, state)
    except QueryError as error:
        raise query_problem(error) from None
    except checking.PartError as error:
        raise Problem(422, str(error)) from None
    return wanted


def _name(text: str) -> str:
    try:
        return checking.name(text)
    except checking.PartError as error:
        raise Problem(422, str(error)) from None


def _at_once(write: Any) -> None:
    try:
        write()
    except saved_views.Changed:
        raise Problem(412, "Somebody changed this view since. Read it again, then decide.") from None


def _star(request: HttpRequest, known: Known, on: bool | None) -> None:
    if on is not None:
        saved_views.star(known.view, _actor(request), on)


def _answer(known: Known) -> HttpResponse:
    answer = as_json(shape.told(known))
    answer["ETag"] = f'"{known.view.version}"'
    return answer
