"""The page of ingest health and what can be done there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from callstore.doctor.recently import Busy, recent
from callstore.health import backlog
from callstore.health.sources import odd, sources
from callstore.people import audit
from callstore.requests import trial
from dashboard.health.how import KINDS, OddEvent
from dashboard.health.state import parts


@never_cache
@require_safe
def ingest(request: HttpRequest) -> HttpResponse:
    """The page; for htmx the part that changes. `?doctor` has the doctor's findings in it at once."""
    shown = parts()
    if getattr(request, "htmx", False):
        return render(request, "dashboard/health/state.html", shown)
    if "doctor" in request.GET:
        shown |= {"with_doctor": True} | _doctor()
    return render(request, "dashboard/health/page.html", shown)


@never_cache
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """The last events of `?source=` that came as oddly within the day as `?kind=` says."""
    kind = next((kind for kind in KINDS if kind == request.GET.get("kind")), None)
    try:
        source = next((each for each in sources() if each.source == request.GET.get("source")), None)
        if kind is None or source is None:
            raise Http404("No source has events of this kind.")
        shown = [OddEvent.of(event) for event in odd(source.source, kind)]
        count: int | None = getattr(source.how, kind)
    except DatabaseError:
        return render(request, "dashboard/health/events.html", {"is_away": True}, status=503)
    name, says = KINDS[kind]
    told = {"events": shown, "source": source, "kind": name, "says": says, "count": count}
    return render(request, "dashboard/health/events.html", told)


@never_cache
@require_safe
def doctor(request: HttpRequest) -> HttpResponse:
    """The doctor's findings as a part of the page; without htmx the page with them in it."""
    if not getattr(request, "htmx", False):
        return redirect(f"{reverse('ingest')}?doctor#h-doctor")
    return render(request, "dashboard/health/doctor.html", _doctor())


@never_cache
@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """Have what was set aside projected again: the call of `trace`, or all."""
    given = request.POST.get("trace", "")
    try:
        traces = [UUID(given)] if given else []
    except ValueError:
        return HttpResponse("trace: no id of a call.", status=400)
    again = backlog.replay(traces) if given else backlog.replay_all()
    audit.record(request, "replayed", given or None, calls=again)
    told = f"{again} call{'' if again == 1 else 's'} will be projected again now."
    messages.success(request, told if again else "Nothing is set aside any more.")
    return redirect("ingest")


@never_cache
@require_POST
def test_event(request: HttpRequest) -> HttpResponse:
    """Send a test event through the application's door and show how it went."""
    # The port is that of the socket which took this request; no header of it is believed.
    sent = trial.send(f"http://127.0.0.1:{request.META['SERVER_PORT']}")
    went = {way.name: way.status or "no answer" for way in sent.ways}
    audit.record(request, "test_event_sent", None, position=sent.position, **went)
    shown = {**parts(), "trial": sent}
    return render(request, "dashboard/health/page.html", shown)


def _doctor() -> dict[str, Any]:
    try:
        return {"look": recent()}
    except Busy:
        return {"not_looked": "The doctor is looking just now; ask again in a moment."}
    except ImproperlyConfigured as error:
        return {"not_looked": str(error)}
    except DatabaseError:
        return {"not_looked": "The log does not answer, so that nothing could be looked at."}
