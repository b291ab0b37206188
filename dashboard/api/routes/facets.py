"""Facets: how many calls of a query have which value, and what could stand at a place of a query."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from callstore.search.errors import QueryError
from callstore.search.facets.catalogue import COUNTED, FACETS
from callstore.search.facets.count import counted
from callstore.search.parser import parse
from dashboard.api.answers import QueryText, as_json, query_problem
from dashboard.api.problems import Problem
from dashboard.api.shapes import calls as shape
from dashboard.api.shapes.facets import Facets

router = Router(tags=["calls"])
KeysText = Annotated[
    str,
    Query(alias="keys", description=f"Keys of {', '.join(COUNTED)}; without it {len(FACETS)} of them"),
]


@router.get("/facets", response={200: Facets, 401: shape.Wrong, 422: shape.Wrong, 503: shape.Wrong})
def get_facets(request: HttpRequest, q: QueryText = "", names: KeysText = "") -> HttpResponse:
    """How many of the calls that a query finds have which value of each key, most first.

    A key's own terms do not narrow its own counts: with `verdict:ai_mute` the other verdicts are told, too. A
    count is exact up to 10,000; `exact: false` says that there are more.
    """
    wanted = tuple(dict.fromkeys(name for key in names.split(",") if (name := key.strip().lower())))
    if unknown := [key for key in wanted if key not in COUNTED]:
        raise Problem(422, f"There is no facet {unknown[0]}. There are: {', '.join(COUNTED)}.")
    try:
        found = counted(parse(q), wanted or tuple(FACETS), datetime.now(UTC))
    except QueryError as error:
        raise query_problem(error) from None
    told = [{"key": key, "values": [asdict(each) for each in values]} for key, values in found.items()]
    return as_json({"facets": told})
