"""A statement that ran into its timeout, as an answer: of the API, of the list, of any other page.

Where a reader's query is what the statement looked for, the query is told to be too costly (422) and how to
narrow it; else the reader is asked to come again (503).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from callstore.projection.patience import was_cancelled
from callstore.search.too_slow import too_slow
from dashboard.api.answers import query_problem
from dashboard.api.problems import RETRY_AFTER_S, Problem
from dashboard.calls import pages

NOT_IN_TIME = "The database did not answer in time. Ask again in a moment."


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
        if answer.status_code == 503:
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
