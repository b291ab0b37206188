"""A statement that ran into its timeout, as an answer: of the API, of the list, of any other page.

Where a reader's query is what the statement looked for, the query is told to be too costly (422) and how to
narrow it; else the reader is asked to come again (503), as where the database is away.
"""

import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.defaults import server_error

from callstore.base.seldom import LONGEST, Seldom
from callstore.postgres.said import in_a_line
from callstore.projection.patience import was_cancelled
from callstore.search.too_slow import too_slow
from dashboard.api.answers import query_problem
from dashboard.api.problems import API, RETRY_AFTER_S, Problem
from dashboard.calls import pages

log = logging.getLogger(__name__)
_seldom = Seldom()

NOT_IN_TIME = "The database did not answer in time. Ask again in a moment."
# A connection that broke or was refused, a server that ends or begins, no connection left.
AWAY = ("08", "57P", "53300")  # beginnings of SQLSTATE; of who never reached a server there is none


class SlowStatements:
    """The middleware. Whatever else a view raises is left to others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not was_cancelled(error):
            return None
        answer = _answer(request)
        return _again(answer) if answer.status_code == 503 else answer


def uncaught(request: HttpRequest) -> HttpResponse:
    """The answer where an error reached nobody, in a view or before it: a page, or a problem of the API."""
    error = sys.exception()
    if error is None or not _is_away(error):
        return server_error(request)
    if times := _seldom.due("away"):
        said = in_a_line(error)[:LONGEST]
        log.error("the database is away, readers are asked to come again (%d times): %s", times, said)
    is_of_a_client = request.path.startswith(API)
    answer = Problem(503, NOT_IN_TIME).response() if is_of_a_client else render(None, "503.html", status=503)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django's; else a traceback at each
    return _again(answer)


def _is_away(error: BaseException | None) -> bool:
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(AWAY)


def _again(answer: HttpResponse) -> HttpResponse:
    answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _answer(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").strip()
    place = request.resolver_match
    if place and place.namespace == "api-1":
        return (query_problem(too_slow(q)) if q else Problem(503, NOT_IN_TIME)).response()
    if place and place.view_name == "calls":
        return pages.too_slow(request, q)
    return render(None, "503.html", status=503)  # without the request: who reads may be what was asked for
