"""What helps to ask: the facets of a list, in its column or as a page, and each key of the query language."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from callstore.projection import queries
from callstore.projection.patience import TooSlow
from callstore.search.errors import QueryError
from dashboard.calls.columns import asked
from dashboard.calls.facets import FacetGroup, facet_groups
from dashboard.calls.onboarding import onboarding_steps
from dashboard.calls.presets import examples


@never_cache
@vary_on_headers("HX-Request")  # one URL, two answers
@require_safe
def facets(request: HttpRequest) -> HttpResponse:
    """The facets of the list at the same parameters: for htmx the column, else a page of their own."""
    by_htmx = bool(getattr(request, "htmx", False))
    address = asked(request.GET)
    groups: list[FacetGroup] = []
    late = False
    try:
        groups = facet_groups(address, datetime.now(UTC))
    except QueryError:
        return HttpResponse(status=422) if by_htmx else redirect(address.url)
    except TooSlow:
        late = True
    template = "facets" if by_htmx else "facets_page"
    shown = {"groups": groups, "late": late, "address": address}
    return render(request, f"dashboard/calls/{template}.html", shown)


@never_cache
@require_safe
def query_help(request: HttpRequest) -> HttpResponse:
    """Every key by an example that is a link to its list."""
    return render(request, "dashboard/calls/query_help.html", {"keys": examples(asked(request.GET))})


@never_cache
@require_safe
def steps(request: HttpRequest) -> HttpResponse:
    """How far somebody is with setting up, for htmx; once there is a call the page is asked for anew."""
    if queries.page(limit=1).items:
        return HttpResponseClientRefresh()
    return render(request, "dashboard/calls/steps.html", {"steps": onboarding_steps(request)})
