"""The overview: what is asked, what was counted, and what to show where nothing was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from callstore.health.beginning import log_began
from callstore.projection import queries
from callstore.projection.patience import TooSlow
from callstore.search.errors import QueryError
from callstore.search.overview.frame import USUAL, Frame, frame
from callstore.search.overview.overview import overview
from callstore.search.overview.parts import Overview
from callstore.search.overview.shares import SMALL
from callstore.search.too_slow import too_slow
from dashboard.calls.onboarding import onboarding_steps
from dashboard.calls.query import Query
from dashboard.health.state import summary
from dashboard.overview import tables
from dashboard.overview.addresses import OFFERED, Address, Lists

SHORT = "-12h"  # offered where nothing is old enough to compare with


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The overview of a query and a time: `?q=&from=&to=`, the last seven days where none is said."""
    address, now = Address.read(request.GET), datetime.now(UTC)
    shown: dict[str, Any] = {"address": address, "windows": _windows(address), "small": SMALL}
    status = 200
    try:
        query = Query.read(address.q)
        asked = frame(address.since, address.until, now)
        found = overview(query.tree, asked, now)
        shown |= _shown(found, Lists(query, asked)) | _edges(asked)
        shown["lag"] = found.detection_lag_s
        if found.detection_lag_s.n and asked.since < (began := log_began()):
            # What was put in later waited for nobody: the tile tells of the calls that have come since.
            own = replace(asked, since=min(began, asked.until - timedelta(seconds=1)))
            shown |= {
                "lag": overview(query.tree, own, now).detection_lag_s,
                "put_in_until": began.astimezone(UTC),
            }
        shown["shorter"] = "" if address.until else address.during(SHORT).url
        shown["steps"] = onboarding_steps(request) if not found.calls and _unused() else []
    except QueryError as error:
        shown["wrong"], status = error, 422
    except TooSlow:
        shown["wrong"], status = too_slow(address.q), 503
    if (wrong := shown.get("wrong")) and wrong.suggestion:
        end = wrong.position + wrong.length
        right = (
            f"{address.q[: wrong.position]}{wrong.suggestion}{address.q[end:]}"
            if status == 422
            else wrong.suggestion
        )
        shown |= {"right": right, "righted": address._replace(q=right).url}
    return render(request, "dashboard/overview/page.html", shown, status=status)


def _shown(found: Overview, lists: Lists) -> dict[str, Any]:
    if not found.calls:
        return {"found": found}
    return {"found": found, "lists": lists, "sources": summary(), **tables.tables(found, lists)}


def _unused() -> bool:
    return not queries.page(limit=1).items


def _windows(address: Address) -> list[dict[str, Any]]:
    chosen = ("" if address.until else USUAL) if not address.since else address.since
    return [
        {
            "name": name,
            "url": address._replace(until="").during(since).url,
            "active": (since, "") == (chosen, address.until),
        }
        for name, since in OFFERED
    ]


def _edges(asked: Frame) -> dict[str, Any]:
    """The edges of the time, for two fields and for a sentence."""
    return {"since": asked.since.astimezone(UTC), "until": asked.until.astimezone(UTC)}
