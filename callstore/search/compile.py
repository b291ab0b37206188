"""A query to an SQL condition on the table `call`, its values always as parameters."""

import difflib
from collections.abc import Sequence
from datetime import datetime

from callstore.projection.words import find
from callstore.search import limits
from callstore.search.conditions import CONDITIONS, Where, joined, known
from callstore.search.errors import QueryError
from callstore.search.keys import KEYS
from callstore.search.kinds.across import ACROSS
from callstore.search.kinds.reviewed import REVIEWED
from callstore.search.kinds.spoken import Find, is_of_words, of_filter, of_ids, sought_by, spoken
from callstore.search.parser import parse
from callstore.search.tree import And, Filter, Not, Or, Term, Word


def where(text: str, now: datetime, found: Find = find.condition) -> Where:
    """The condition for a query. `now` (aware) is what -24h and now count from. Raises QueryError.

    It may be null where a call lacks what is asked for; a WHERE takes that as no, and so does NOT here.
    For words `found` asks their index which calls have them, and raises django.db.DatabaseError.
    """
    return compiled(parse(text), now, found)


def compiled(term: Term, now: datetime, found: Find = find.condition) -> Where:
    """The condition for a query that was parsed. Raises as `where` does."""
    limits.check(term)
    return _compiled(term, now, found)


def _compiled(term: Term, now: datetime, found: Find) -> Where:
    if word := sought_by(term):
        return spoken([word], found)
    match term:
        case Word():
            return known([id_ for id_ in [limits.named_id(term)] if id_])
        case Filter():
            return _filter(term, now, found)
        case Not(inner):
            sql, params = _compiled(inner, now, found)
            # Not NOT: a call without a status is a call whose status is not "completed".
            return Where(f"({sql}) IS NOT TRUE", params)
        case And(terms):
            return _all(terms, now, found)
        case Or(terms):
            return _either(terms, now, found)


def _all(terms: Sequence[Term], now: datetime, found: Find) -> Where:
    """All of the terms; the words among them are looked for together, since few calls have all of them."""
    others = [_compiled(term, now, found) for term in terms if not sought_by(term)]
    words = [word for term in terms if (word := sought_by(term))]
    parts = [*others, *([spoken(words, found)] if words else [])]
    return joined("AND", parts) if parts else Where("TRUE", [])


def _either(terms: Sequence[Term], now: datetime, found: Find) -> Where:
    """Any of the terms; all ids among them are one look-up."""
    named = [id_ for term in terms if (id_ := limits.named_id(term))]
    others = [_compiled(term, now, found) for term in terms if not limits.named_id(term)]
    return joined("OR", [*([known(named)] if named else []), *others])


def _filter(term: Filter, now: datetime, found: Find) -> Where:
    name = term.key.lower()
    key = KEYS.get(name)
    if key is None:
        near = difflib.get_close_matches(name, KEYS, n=1)
        hint = f"did you mean {near[0]}:?" if near else "to search for these words, put them in quotes."
        raise QueryError(f"There is no key {term.key}: – {hint}", *term.place, near[0] if near else None)
    if is_of_words(name):
        return of_filter(term, found)
    condition = {**CONDITIONS, **ACROSS, **REVIEWED}[key.kind](name, key, term, now)
    ids = of_ids(key, term)
    return joined("AND", [spoken([ids], found), condition]) if ids else condition
