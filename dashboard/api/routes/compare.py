"""Two calls side by side."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from dashboard.api.answers import ERRORS, as_json
from dashboard.api.problems import Problem
from dashboard.api.shapes import compare as shape
from dashboard.compare import choice
from dashboard.compare.comparison import comparison

router = Router(tags=["calls"])


@router.get("/compare", response={200: shape.Compared, **ERRORS})
def compare_calls(
    request: HttpRequest,
    a: Annotated[str, Query(description="Any id of a call")],
    b: Annotated[
        str,
        Query(description="Any id of another; none for the last natural end of the agent's version before a"),
    ] = "",
) -> HttpResponse:
    """Two calls aligned at the answer of the AI's leg: settings, numbers, evidence and lanes."""
    try:
        both = choice.chosen(choice.first(a), b)
    except choice.NoCall as error:
        raise Problem(404, str(error), side=error.side) from None
    return as_json({**comparison(both.a, both.b), "b_by_default": both.by_default})
