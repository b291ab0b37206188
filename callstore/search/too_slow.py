"""What is said of a query whose statement took longer than it may."""

from callstore.search.errors import QueryError
from callstore.search.parser import parse
from callstore.search.tree import And, Filter, Literal, write

# An index leads to the calls of a time, and the rest is asked of these alone.
NARROW = Filter("started", Literal("-24h"))


def too_slow(text: str) -> QueryError:
    """The whole query as what is wrong; a narrower one is suggested where it has no time of its own."""
    narrower = None if "started:" in text.lower() else write(And((parse(text), NARROW)))
    return QueryError(
        "This query took longer than a query may, and was stopped. Narrow it by time, as in started:-24h;"
        " words are then looked for in these calls alone.",
        0,
        len(text),
        narrower,
    )
