"""Lists and numbers of many calls are read from a replica of the database, where the settings name one.

One call, its advice and whatever somebody decides are always read from the first. So is everything, for a
moment, for a browser that has just written something, and for whoever asks with `Cache-Control: no-cache`.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from callstore.projection import replica
from dashboard.access import table

# Exports read their slices from it by themselves (dashboard/api/routes/export.py): they write in between.
ROUTES = frozenset(
    {
        "", "calls", "calls/count", "calls/facets",
        "api/v1/calls", "api/v1/facets", "api/v1/overview", "api/v1/suggest",
    }
)  # fmt: skip
assert table.ROWS.keys() >= ROUTES
HEADER = "Callstore-Behind"  # seconds
WROTE = "wrote"
SAFE = ("GET", "HEAD", "OPTIONS")


class ReadsOfReplica:
    """The middleware. The answer says by how much it may be behind; pages do, too (`request.behind_s`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as stack:
            request.reading = stack  # type: ignore[attr-defined]  # ours, until the end of this method
            answer = self.get_response(request)
        behind_s = getattr(request, "behind_s", None)
        if behind_s is not None:
            answer[HEADER] = f"{behind_s:.1f}"
        if request.method not in SAFE and replica.is_there():
            _remember(answer)
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Have the view read from the replica, where it may."""
        place = request.resolver_match
        if place and place.route in ROUTES and may_be_behind(request):
            stack: ExitStack = request.reading  # type: ignore[attr-defined]  # ours
            request.behind_s = stack.enter_context(replica.reading())  # type: ignore[attr-defined]  # ours

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer of the first where the replica let the view down."""
        place = request.resolver_match
        if getattr(request, "behind_s", None) is None or place is None or not replica.failed(error):
            return None
        request.reading.close()  # type: ignore[attr-defined]  # ours
        request.behind_s = None  # type: ignore[attr-defined]  # ours
        answer: HttpResponse = place.func(request, *place.args, **place.kwargs)
        return answer


def may_be_behind(request: HttpRequest) -> bool:
    """Whether this request only reads, and whoever asks has not just written something."""
    wants_newest = "no-cache" in request.headers.get("Cache-Control", "")
    return request.method in SAFE and WROTE not in request.COOKIES and not wants_newest


def _remember(answer: HttpResponseBase) -> None:
    answer.set_cookie(
        WROTE,
        "1",
        max_age=int(replica.MOST_BEHIND_S),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
