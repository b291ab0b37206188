"""A query to an SQL condition on the table `call`, its values always as parameters."""

import difflib
from collections.abc import Sequence
from datetime import datetime

from callstore.search import limits
from callstore.search.conditions import CONDITIONS, Where, joined, known
from callstore.search.errors import QueryError
from callstore.search.keys import KEYS
from callstore.search.parser import parse
from callstore.search.patterns import like
from callstore.search.reviewed import REVIEWED
from callstore.search.tree import And, Filter, Literal, Not, Or, Term, Word


def where(text: str, now: datetime) -> Where:
    """The condition for a query. `now` (aware) is what -24h and now count from. Raises QueryError.

    It may be null where a call lacks what is asked for; a WHERE takes that as no, and so does NOT here.
    """
    return compiled(parse(text), now)


def compiled(term: Term, now: datetime) -> Where:
    """The condition for a query that was parsed. Raises QueryError."""
    limits.check(term)
    return _compiled(term, now)


def _compiled(term: Term, now: datetime) -> Where:
    match term:
        case Word(literal):
            return known([id_]) if (id_ := limits.named_id(term)) else _word(literal)
        case Filter():
            return _filter(term, now)
        case Not(inner):
            sql, params = _compiled(inner, now)
            # Not NOT: a call without a status is a call whose status is not "completed".
            return Where(f"({sql}) IS NOT TRUE", params)
        case And(terms):
            return joined("AND", [_compiled(each, now) for each in terms]) if terms else Where("TRUE", [])
        case Or(terms):
            return _either(terms, now)


def _either(terms: Sequence[Term], now: datetime) -> Where:
    """Any of the terms; all ids among them are one look-up."""
    named = [id_ for term in terms if (id_ := limits.named_id(term))]
    others = [_compiled(term, now) for term in terms if not limits.named_id(term)]
    return joined("OR", [*([known(named)] if named else []), *others])


def _word(literal: Literal) -> Where:
    """Words are looked for, in any case, in everything said, the numbers and the ids."""
    return Where("search_text LIKE %s", [like(literal, inside=True, text=literal.text.casefold())])


def _filter(term: Filter, now: datetime) -> Where:
    name = term.key.lower()
    key = KEYS.get(name)
    if key is None:
        near = difflib.get_close_matches(name, KEYS, n=1)
        hint = f"did you mean {near[0]}:?" if near else "to search for these words, put them in quotes."
        raise QueryError(f"There is no key {term.key}:; {hint}", *term.place, near[0] if near else None)
    return {**CONDITIONS, **REVIEWED}[key.kind](name, key, term, now)
