"""A query in the words that suit it where few calls of many meet it."""

from datetime import datetime

from callstore.search.conditions import Where, joined
from callstore.search.facets import packed
from callstore.search.facets.terms import condition, top
from callstore.search.keys import KEYS
from callstore.search.tree import Anything, Filter, Term
from callstore.search.values import chosen

# Of all calls there are some thousand different packed texts, which an index has in a few milliseconds.
KINDS = """(
  SELECT NULL::timestamptz AS started_at, NULL::timestamptz AS ended_at, facets FROM call GROUP BY facets
) AS kinds"""


def rarely(whole: Where, term: Term, now: datetime) -> Where:
    """The condition of a query, with the packed texts that can meet it looked up before any call is read."""
    closed = [part for part in top(term) if _is_closed(part)]
    if not closed:
        return whole
    sql, params = condition(closed, now)
    texts = f"facets = ANY(ARRAY(SELECT facets FROM ({packed.looked_at(KINDS)}) AS call WHERE {sql}))"
    return joined("AND", [Where(texts, params), whole])


def _is_closed(term: Term) -> bool:
    """Whether the packed text has all that this asks for: words of a key that has few, all of them short."""
    if not isinstance(term, Filter) or isinstance(term.value, Anything) or term.key.lower() not in CLOSED:
        return False
    return "warning" not in chosen(term.key.lower(), KEYS[term.key.lower()], term)  # a long one is not packed


CLOSED = frozenset(name for name in packed.KEYS if KEYS[name].kind in ("choice", "source"))
