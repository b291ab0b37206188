"""Of a query that finds nothing: which term, left out, would find something again."""

from datetime import datetime
from typing import NamedTuple

from callstore.projection import queries
from callstore.projection.patience import TooSlow, patience
from callstore.search.compile import compiled
from callstore.search.tree import And, write
from dashboard.calls.list_url import Address
from dashboard.calls.query import Query

MAX_TERMS = 6  # each is a count of its own
COUNT_S = 0.5  # what takes longer is not counted: the list waits for all of them


class Suggestion(NamedTuple):
    """A query without one of its terms, and how many calls it finds."""

    without: str
    calls: str
    url: str


def suggestions(address: Address, query: Query, now: datetime) -> list[Suggestion]:
    """Every way of leaving out one term that soon finds calls, most first; none for long queries."""
    if len(query.terms) > MAX_TERMS:
        return []
    found = []
    for at, term in enumerate(query.terms):
        rest = And(query.terms[:at] + query.terms[at + 1 :])
        try:
            with patience(COUNT_S):
                count = queries.count(compiled(address.whole(rest, now), now))
        except TooSlow:
            continue
        if count:
            found.append((count, write(term), address.asking(write(rest)).url))
    return [
        Suggestion(without, _count_in_words(count), url)
        for count, without, url in sorted(found, reverse=True)
    ]


def _count_in_words(count: int) -> str:
    if count > queries.MOST_COUNTED:
        return f"more than {queries.MOST_COUNTED:,} calls"
    return f"{count:,} call{'' if count == 1 else 's'}"
