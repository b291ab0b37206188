"""Alerts: made, tried on the last days, changed, tested, deleted."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from callstore.alerts import keeping, targets
from callstore.alerts.backtest import backtest
from callstore.alerts.models import Alert
from callstore.alerts.terms import LONGEST_NAME, TermError, Terms, checked
from callstore.people import audit, saved_views
from callstore.people.who import name
from callstore.projection.patience import TooSlow
from callstore.search.too_slow import too_slow
from dashboard.alerts import words
from dashboard.api.answers import ERRORS, ERRORS_OF_WRITES, as_json, query_problem
from dashboard.api.auth import Token, WritingSession
from dashboard.api.problems import Problem
from dashboard.api.shapes import alerts as shape
from dashboard.api.shapes.calls import Wrong
from dashboard.views import actor, versions

AlertId = Annotated[int, Path(description="As the list of alerts names it")]
WRITES = [WritingSession(), Token()]
WRONG = {**ERRORS, **ERRORS_OF_WRITES}
CHANGED: dict[Any, Any] = {412: Wrong}

router = Router(tags=["alerts"])


@router.get("/alerts", response={200: shape.Alerts, **WRONG})
def list_alerts(request: HttpRequest) -> HttpResponse:
    """Every alert, and the targets that the settings offer."""
    items = [shape.told(alert) for alert in keeping.every()]
    return as_json({"items": items, "offered": [each.masked for each in targets.offered()]})


@router.post("/alerts", auth=WRITES, response={201: shape.Alert, **WRONG})
def create_alert(request: HttpRequest, sent: shape.AlertToKeep) -> HttpResponse:
    """Keep an alert; it is asked within a minute, and every minute from then on."""
    wanted = _wanted(request, Terms(""), sent)
    if sent.name is None and not wanted.name:
        wanted = wanted._replace(name=wanted.q[:LONGEST_NAME] or "Every call")
    try:
        alert = keeping.create(wanted, name(request))
    except TermError as error:
        raise _problem(error) from None
    except keeping.TooMany:
        raise Problem(422, f"There are {keeping.MOST} alerts already. Delete one first.") from None
    audit.record(request, "alert_changed", alert=alert.id, act="made")
    answer = _answer(alert.id)
    answer.status_code = 201
    answer["Location"] = words.api_path(alert.id)
    return answer


@router.post("/alerts/preview", auth=WRITES, response={200: shape.WouldHaveFired, **WRONG})
def preview_alert(request: HttpRequest, sent: shape.AlertToKeep) -> HttpResponse:
    """How often an alert of these terms would have told somebody in the last seven days."""
    try:
        terms = checked(_wanted(request, Terms("preview"), sent))
        return as_json(backtest(terms, words.now())._asdict())
    except TermError as error:
        raise _problem(error) from None
    except TooSlow:
        raise query_problem(too_slow(sent.q or "")) from None


@router.get("/alerts/{id}", response={200: shape.Alert, **WRONG})
def get_alert(request: HttpRequest, id: AlertId) -> HttpResponse:
    """One alert; its ETag is its version."""
    return _answer(id)


@router.get("/alerts/{id}/history", response={200: shape.Firings, **WRONG})
def list_firings(request: HttpRequest, id: AlertId) -> HttpResponse:
    """The last firings of an alert, the newest first."""
    return as_json(shape.firings(keeping.history(_find(id))))


@router.put("/alerts/{id}", auth=WRITES, response={200: shape.Alert, **WRONG, **CHANGED})
def change_alert(request: HttpRequest, id: AlertId, sent: shape.AlertToChange) -> HttpResponse:
    """Change what is sent of an alert. What it fires is resolved first, if it asks something else."""
    alert = _find(id)
    try:
        keeping.change(
            alert, _wanted(request, keeping.terms(alert), sent), versions.of_client(request, sent.version)
        )
    except TermError as error:
        raise _problem(error) from None
    except keeping.Changed:
        raise _changed() from None
    audit.record(request, "alert_changed", alert=id, act="changed")
    return _answer(id)


@router.delete("/alerts/{id}", auth=WRITES, response={204: None, **WRONG, **CHANGED})
def delete_alert(request: HttpRequest, id: AlertId) -> HttpResponse:
    """Delete an alert with its history; what it fires is resolved first."""
    try:
        keeping.delete(_find(id), versions.of_client(request, None))
    except keeping.Changed:
        raise _changed() from None
    audit.record(request, "alert_changed", alert=id, act="deleted")
    return HttpResponse(status=204)


@router.post("/alerts/{id}/test", auth=WRITES, response={200: shape.Tested, **WRONG})
def test_alert(request: HttpRequest, id: AlertId) -> HttpResponse:
    """Tell every target of an alert, at once, that this is a test."""
    return as_json(shape.sent(keeping.test(_find(id))))


def _find(id: int) -> Alert:
    alert = keeping.find(id)
    if alert is None:
        raise Problem(404, "No alert has this id.")
    return alert


def _wanted(request: HttpRequest, before: Terms, sent: shape.AlertToKeep) -> Terms:
    """The terms before with those that were sent; a view gives its query, and its name if none is sent."""
    given = sent.model_dump(exclude_none=True, include=set(Terms._fields))
    if sent.view is not None:
        known = saved_views.find(sent.view, actor.person(request))
        if known is None:
            raise Problem(422, "view: no view that you may see has this slug.")
        given = {"q": known.view.q, **({} if before.name else {"name": known.view.name}), **given}
    return before._replace(**given)


def _problem(error: TermError) -> Problem:
    return query_problem(error.query) if error.query else Problem(422, str(error))


def _changed() -> Problem:
    return Problem(412, "Somebody changed this alert since. Read it again, then decide.")


def _answer(id: int) -> HttpResponse:
    alert = _find(id)
    answer = as_json(shape.told(alert))
    answer["ETag"] = f'"{alert.version}"'
    return answer
