"""The pages: the list of calls."""

from datetime import UTC, datetime

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from callstore.health import refusals
from callstore.projection.queries import NEWEST_FIRST
from dashboard.calls.list_url import Address
from dashboard.calls.listing import Listing, listing, overdue_listing
from dashboard.calls.onboarding import onboarding_steps
from dashboard.calls.presets import examples, presets


@never_cache
@vary_on_headers("HX-Request")  # one URL, two answers
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """The list of calls at `?q=&sort=&cursor=`: the whole page, or for htmx the part that changes."""
    if not request.user.is_authenticated:
        login = redirect_to_login(request.get_full_path())
        return HttpResponseClientRedirect(login.url) if _by_htmx(request) else login
    found = listing(_address(request), datetime.now(UTC))
    return _wrong(request, found, 422) if found.wrong else _found(request, found)


def overdue(request: HttpRequest, q: str) -> HttpResponse:
    """The list whose statement took too long: of a query, or (503) of no query."""
    response = _wrong(request, overdue_listing(_address(request)), 422 if q else 503)
    add_never_cache_headers(response)
    return response


def _address(request: HttpRequest) -> Address:
    given = request.GET
    return Address(given.get("q", "").strip(), given.get("sort") or NEWEST_FIRST, given.get("cursor", ""))


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
    return {
        "list": found,
        "refusals": refusals.recent(),
        "quick": presets(found.address, found.query),
        "steps": onboarding_steps(request) if found.unused else [],
        "keys": examples(found.address) if found.wrong else [],
    }
