"""The shapes of counts and of offers for a query, for the API's documentation."""

from typing import Literal

from ninja import Schema


class FacetValue(Schema):
    """How many calls have it; where not exact, at least so many."""

    value: str
    count: int
    exact: bool


class Facet(Schema):
    key: str
    values: list[FacetValue]


class Facets(Schema):
    facets: list[Facet]


class Offer(Schema):
    """`text` may stand in the place of what was written; a count of null is not known."""

    kind: Literal["key", "value"]
    text: str
    about: str
    count: int | None
    exact: bool


class Offers(Schema):
    """Offers, best first, for what stands in the query from `start` to `end`, in characters."""

    start: int
    end: int
    items: list[Offer]
