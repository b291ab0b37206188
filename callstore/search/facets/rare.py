"""A query in the words that suit it where few calls of many meet it."""

from datetime import datetime

from callstore.projection.packed import NAMES, SEPARATOR
from callstore.search.conditions import Where, joined
from callstore.search.facets import packed
from callstore.search.facets.terms import condition, is_packed, top
from callstore.search.keys import KEYS
from callstore.search.tree import And, Anything, Filter, Literal, Not, OneOf, Or, Term
from callstore.search.values import chosen

# Of all calls there are some thousand different packed texts, which an index has in a few milliseconds: from
# each it is a step to the next. GROUP BY reads the entry of every call, and asks each of them.
KINDS = """(
  WITH RECURSIVE text (facets) AS (
    SELECT min(facets) FROM call
    UNION ALL
    SELECT (SELECT min(call.facets) FROM call WHERE call.facets > text.facets)
    FROM text WHERE facets IS NOT NULL
  )
  SELECT NULL::timestamptz AS started_at, NULL::timestamptz AS ended_at, facets
  FROM text WHERE facets IS NOT NULL
) AS kinds"""
# A name that is not packed, because of its length, is hardly in any call; an index has only these.
UNPACKED = " OR ".join(
    f"length({name}) > {most} OR {name} = '' OR {name} ~ '{SEPARATOR}'" for name, most in NAMES.items()
)
UNKNOWN = f"{{name}} IS NULL AND EXISTS (SELECT FROM call WHERE {UNPACKED})"


def rarely(whole: Where, term: Term, now: datetime) -> Where:
    """The condition of a query, with the packed texts that can meet it looked up before any call is read."""
    found = [condition([part], now) for part in top(term) if _is_closed(part)]
    found += [_of_names(part, now) for part in top(term) if _is_name(part)]
    if not found:
        return whole
    sql, params = joined("AND", found)
    texts = f"facets = ANY(ARRAY(SELECT facets FROM ({packed.looked_at(KINDS)}) AS call WHERE {sql}))"
    return joined("AND", [Where(texts, params), whole])


def _is_closed(term: Term) -> bool:
    """Whether the packed text has all that this asks for: words of keys that have few, all of them short."""
    match term:
        case Filter(key, Anything()):
            return False
        case Filter(key):
            # A long one is not packed.
            name = key.lower()
            return name in CLOSED and "warning" not in chosen(name, KEYS[name], term)
        case Not(inner):
            return _is_closed(inner)
        case And(terms) | Or(terms):
            return all(map(_is_closed, terms))
        case _:
            return False


def _is_name(term: Term) -> bool:
    """Whether the packed text has all that this asks for, or nothing: names that people chose."""
    match term:
        case Filter(key, Anything() | Literal() | OneOf()):
            return key.lower() in OF_NAMES and is_packed(term)
        case _:
            return False


def _of_names(term: Term, now: datetime) -> Where:
    """The packed texts of calls with a name, and those of calls whose name may not be packed."""
    assert isinstance(term, Filter)
    [column] = KEYS[term.key.lower()].columns
    return joined("OR", [condition([term], now), Where(UNKNOWN.format(name=column), [])])


CLOSED = frozenset(name for name in packed.KEYS if KEYS[name].kind in ("choice", "source", "review"))
OF_NAMES = frozenset(name for name in packed.KEYS if KEYS[name].kind == "name")
