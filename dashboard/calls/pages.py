"""The pages: the list of calls."""

from datetime import UTC, datetime
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from callstore.health import refusals
from callstore.search.compile import compiled
from callstore.search.errors import QueryError
from dashboard.calls.bar.counting import counted_afterwards
from dashboard.calls.bar.exports import exports
from dashboard.calls.bar.windows import choosing
from dashboard.calls.columns import asked, choices
from dashboard.calls.listing import Listing, listing, too_slow_listing
from dashboard.calls.onboarding import onboarding_steps
from dashboard.calls.presets import examples, presets
from dashboard.calls.query import Query


@never_cache
@vary_on_headers("HX-Request")  # one URL, two answers
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """The list of calls at an address: the whole page, or for htmx the part that changes."""
    found = listing(asked(request.GET), datetime.now(UTC))
    return _wrong(request, found, 422) if found.wrong else _found(request, found)


@never_cache
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """How many calls a list has in all, asked for by the page where its rows did not wait for it."""
    address, now = asked(request.GET), datetime.now(UTC)
    try:
        found = counted_afterwards(compiled(address.whole(Query.read(address.q).tree, now), now))
    except QueryError:
        return HttpResponse(status=422)
    return render(request, "dashboard/calls/count.html", {"count": found})


def too_slow(request: HttpRequest, q: str) -> HttpResponse:
    """The list whose statement took too long: of a query, or (503) of no query."""
    response = _wrong(request, too_slow_listing(asked(request.GET)), 422 if q else 503)
    add_never_cache_headers(response)
    return response


def _by_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _found(request: HttpRequest, found: Listing) -> HttpResponse:
    if not _by_htmx(request):
        return render(request, "dashboard/calls/page.html", _context(request, found))
    response = render(request, "dashboard/calls/found.html", _context(request, found))
    response["HX-Push-Url"] = found.address.url  # as every link writes it: htmx writes a form's otherwise
    return response


def _wrong(request: HttpRequest, found: Listing, status: int) -> HttpResponse:
    """htmx puts the message under the box and leaves the last good list where it is."""
    if not _by_htmx(request):
        return render(request, "dashboard/calls/page.html", _context(request, found), status=status)
    response = render(request, "dashboard/calls/wrong.html", {"list": found}, status=status)
    response["HX-Retarget"] = "#wrong"
    response["HX-Reswap"] = "innerHTML"
    response["HX-Push-Url"] = "false"
    return response


def _context(request: HttpRequest, found: Listing) -> dict[str, object]:
    address, now = found.address, datetime.now(UTC)
    return {
        "list": found,
        "shown": {column.name for column in found.columns},
        "carried": quote(address._replace(selected="").parameters, safe=""),
        "kept_but_window": [(name, value) for name, value in address.kept if name not in ("from", "to")],
        "kept_but_columns": [(name, value) for name, value in address.kept if name != "cols"],
        "windows": choosing(address, now),
        "any_time": address.during("").url,
        "columns": choices(address),
        "usual_columns": address.showing("").url,
        "exports": exports(found.whole, address.columns),
        "begin_with": settings.DEMO and not found.whole and settings.DEMO_BEGINS_WITH,
        "refusals": refusals.recent(),
        "quick": presets(address, found.query),
        "steps": onboarding_steps(request) if found.unused else [],
        "keys": examples(address) if found.wrong else [],
    }
