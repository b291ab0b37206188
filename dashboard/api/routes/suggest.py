"""What could stand at a place of a query that is being written."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from callstore.search.suggest.offers import offers
from dashboard.api.answers import as_json
from dashboard.api.shapes import calls as shape
from dashboard.api.shapes.facets import Offers

router = Router(tags=["calls"])
Place = Annotated[str, Query(description="Place in the query, in characters; its end without it")]


@router.get("/suggest", response={200: Offers, 401: shape.Wrong})
def get_suggest(
    request: HttpRequest,
    q: Annotated[str, Query(description="A query, finished or not", examples=["is:truncated ver"])] = "",
    at: Place = "",
) -> HttpResponse:
    """What could stand at this place: keys, then values with counts. Nothing that is written is an error."""
    place = int(at) if at.isascii() and at.isdigit() and len(at) < 7 else None
    start, end, items = offers(q, place, datetime.now(UTC))
    return as_json({"start": start, "end": end, "items": [asdict(each) for each in items]})
