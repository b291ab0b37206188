"""The pages of alerts: the list, a new one, and one with its trial, its test and its history."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from callstore.alerts import keeping, wording
from callstore.alerts.backtest import WouldHave, backtest
from callstore.alerts.channels import webhook
from callstore.alerts.models import Alert
from callstore.alerts.terms import TermError, Terms, checked
from callstore.people import audit, saved_views
from callstore.people.who import name
from callstore.projection.patience import TooSlow
from dashboard.alerts import form, words
from dashboard.views import actor, versions

CHANGED = "Somebody changed “{}” since you opened it. This is how it is now; nothing of yours was saved."
TOO_SLOW = TermError("q", "this query takes too long on the last seven days; narrow it.")


@never_cache
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """Every alert with its state."""
    rows = [_row(alert) for alert in keeping.every()]
    return render(request, "dashboard/alerts/page.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new alert, begun with a saved view (`view=`) or a query (`q=`); a POST keeps it."""
    if request.method != "POST":
        return _form(request, _begun(request))
    return _sent(request, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest, id: int) -> HttpResponse:
    """An alert: its form, its history, its messages. A POST does what the button `do` says."""
    found = keeping.find(id)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _form(request, keeping.terms(found), found)
    act = ACTS.get(request.POST.get("do", ""), _sent)
    try:
        return act(request, found)
    except keeping.Changed:
        messages.error(request, CHANGED.format(found.name))
        return redirect("alert", id)


def _sent(request: HttpRequest, found: Alert | None) -> HttpResponse:
    """Try the terms of the form, or keep them."""
    wanted = keeping.terms(found) if found else Terms("")
    try:
        wanted = form.terms(request.POST)
        if request.POST.get("do") == "try":
            checked(wanted._replace(name=wanted.name or "a trial"))
            return _form(request, wanted, found, backtest(wanted, words.now()))
        act = "changed" if found else "made"
        if found is None:
            found = keeping.create(wanted, name(request))
        else:
            keeping.change(found, wanted, versions.of_form(request))
        audit.record(request, "alert_changed", alert=found.id, act=act)
    except TermError as error:
        return _form(request, wanted, found, wrong=error)
    except TooSlow:
        return _form(request, wanted, found, wrong=TOO_SLOW)
    except keeping.TooMany:
        return _form(request, wanted, wrong=TermError("name", f"there are {keeping.MOST} alerts already."))
    messages.success(request, f"“{wanted.name.strip()}” is kept. It is asked every minute.")
    return redirect("alert", found.id)


def _test(request: HttpRequest, found: Alert) -> HttpResponse:
    for told in keeping.test(found):
        if told.sent_at:
            messages.success(request, f"{told.target} took the test.")
        else:
            messages.error(request, f"{told.target}: {told.error}.")
    if not found.targets:
        messages.error(request, "This alert has no target yet.")
    return redirect("alert", found.id)


def _delete(request: HttpRequest, found: Alert) -> HttpResponse:
    id = found.id  # gone from the row once it is deleted
    keeping.delete(found, versions.of_form(request))
    audit.record(request, "alert_changed", alert=id, act="deleted")
    messages.success(request, f"Deleted “{found.name}”.")
    return redirect("alerts")


ACTS = {"test": _test, "delete": _delete}


def _form(
    request: HttpRequest,
    terms: Terms,
    found: Alert | None = None,
    tried: WouldHave | None = None,
    wrong: TermError | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form.of_terms(terms, wrong),
        "tried": tried,
        "wanted": wording.wanted(terms),
        "secret": webhook.secret(),
    }
    if found:
        context |= {
            "row": _row(found),
            "firings": keeping.history(found),
            "sent": keeping.messages(found),
        }
    status = 422 if wrong else 200
    return render(request, "dashboard/alerts/alert.html", context, status=status)


def _row(alert: Alert) -> dict[str, Any]:
    state = words.state(alert)
    return {
        "alert": alert,
        "wanted": wording.wanted(alert),
        "state": state,
        "look": words.LOOKS[state],
        "firing": words.firing_of(alert),
        "value": wording.number(alert.kind, alert.value),
    }


def _begun(request: HttpRequest) -> Terms:
    known = saved_views.find(request.GET.get("view", ""), actor.person(request))
    if known:
        return Terms(known.view.name, known.view.q)
    return Terms("", request.GET.get("q", ""))
