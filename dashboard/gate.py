"""The middleware that refuses whatever the table of permissions does not allow, and masks what it must.

It stands between Django's reading of a path and the view: no view asks again whether somebody may.
"""

import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import orjson
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from callstore.people import accounts, audit
from callstore.projection import queries
from dashboard.access import table
from dashboard.access.asked_for import Expired
from dashboard.access.principal import may, principal
from dashboard.api.problems import API, Problem
from dashboard.export.masking import masked, may_hold_numbers

log = logging.getLogger(__name__)

NOT_YOURS = "You may not do this: it takes the permission `{}`. Ask an admin of this store."


class Gate:
    """Answers 405, 401 (or the login page) and 403 before a view is called, and masks the API's numbers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        return _for_reader(request, answer) if request.path.startswith(API) else answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """The refusal, or None where the view may answer."""
        place = request.resolver_match
        assert place is not None
        if place.route.startswith(table.PROVE_THEMSELVES):
            return None
        verbs = table.methods(place.route)
        if verbs is None:
            log.error("%s is in no row of the table of permissions, and refused", place.route)
            return _refused(request, "administer")
        permission = verbs.get("GET" if request.method == "HEAD" else str(request.method))
        if permission is None:
            return _other_methods(request, verbs)
        if may(request, permission):
            return None
        return _refused(request, permission) if principal(request) else _to_log_in(request, place)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a call whose month was retired, whichever of its pages was asked for."""
        if not isinstance(error, Expired):
            return None
        shown = {"month": datetime.strptime(str(error), "%Y-%m").replace(tzinfo=UTC)}
        return render(request, "dashboard/call/expired.html", shown, status=HTTPStatus.GONE)


def _other_methods(request: HttpRequest, verbs: Collection[str]) -> HttpResponse:
    if request.path.startswith(API):
        return HttpResponseNotAllowed(verbs)
    # A browser shows an empty answer as a fault of its own.
    shown = render_to_string("405.html", request=request)
    return HttpResponseNotAllowed([*verbs, "HEAD"] if "GET" in verbs else verbs, shown)


def _to_log_in(request: HttpRequest, place: ResolverMatch) -> HttpResponse:
    """What a stranger is answered: 401 to programs and scripts, else the page to log in at."""
    if request.path.startswith(API):
        return Problem(401, "Log in, or send a token as Authorization: Bearer.").response()
    if place.route in table.BY_SCRIPT:
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    htmx = getattr(request, "htmx", None)
    if htmx:  # the whole page moves, and comes back to where its reader was
        there = htmx.current_url_abs_path or request.get_full_path()
        return HttpResponseClientRedirect(redirect_to_login(there).url)
    back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    answer = redirect_to_login(back)
    add_never_cache_headers(answer)
    return answer


def _refused(request: HttpRequest, permission: table.Permission) -> HttpResponse:
    """What somebody who is known is answered, who may not."""
    if request.path.startswith(API):
        return Problem(403, NOT_YOURS.format(permission)).response()
    shown = {"admins": accounts.admins(), "wanted": permission}
    answer = render(request, "403.html", shown, status=HTTPStatus.FORBIDDEN)
    add_never_cache_headers(answer)
    return answer


def _for_reader(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """An answer of the API as this person may see it: masked, or as it is once the audit has who saw it.

    Programs are not entered for each answer: a token tells when it was last used.
    """
    who = principal(request)
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    if who is None or not who.is_person or not is_json or not isinstance(answer, HttpResponse):
        return answer
    if answer.status_code != HTTPStatus.OK or not may_hold_numbers(answer.content):
        return answer
    whole = orjson.loads(answer.content)
    shown = masked(whole)
    place = request.resolver_match
    if shown == whole and not (place and place.route in table.HOLD_RAW and may(request, "raw")):
        return answer
    if may(request, "numbers"):
        _enter(request, place)
    else:
        answer.content = orjson.dumps(shown)
    return answer


def _enter(request: HttpRequest, place: ResolverMatch | None) -> None:
    asked = place.kwargs.get("id") if place else None
    call = queries.find(str(asked)) if asked else None
    path = place.route if place else request.path
    audit.record(request, "revealed", call["call_id"] if call else None, by="api", path=path)
