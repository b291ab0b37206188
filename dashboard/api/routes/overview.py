"""The numbers of the overview page by HTTP."""

from datetime import UTC, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from callstore.projection.patience import TooSlow
from callstore.search.errors import QueryError
from callstore.search.overview.frame import frame
from callstore.search.overview.overview import overview
from callstore.search.parser import parse
from callstore.search.too_slow import too_slow
from dashboard.api.answers import ERRORS, QueryText, as_json, query_problem
from dashboard.api.shapes.overview import OverviewNumbers, as_told

router = Router(tags=["calls"])
From = Annotated[
    str, Query(alias="from", description="A time of the query language, as -24h; the last 7 days")
]
To = Annotated[str, Query(alias="to", description="A time of the query language; now")]


@router.get("/overview", response={200: OverviewNumbers, **ERRORS})
def get_overview(request: HttpRequest, q: QueryText = "", since: From = "", until: To = "") -> HttpResponse:
    """The numbers of the calls that a query finds in a time, shares with what they are of and intervals.

    A call under way in the time counts, as on the list. Of 50,000 calls and more in more than a week
    numbers of seconds are right to one hundredth; those of calls are exact always.
    """
    now = datetime.now(UTC)
    try:
        return as_json(as_told(overview(parse(q), frame(since, until, now), now), q, now))
    except QueryError as error:
        raise query_problem(error) from None
    except TooSlow:
        raise query_problem(too_slow(q)) from None
