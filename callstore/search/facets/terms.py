"""The terms of a query as facets see them: whose own they are, and what the packed text can answer."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from callstore.domain.facts import ids
from callstore.search.compile import compiled
from callstore.search.conditions import Where, joined
from callstore.search.facets import packed
from callstore.search.facets.catalogue import GAPS
from callstore.search.keys import CROSS_CALL_FINDINGS, KEYS
from callstore.search.tree import And, Anything, Filter, Literal, Not, OneOf, Or, Term, Word, write_value
from callstore.search.values import chosen


def top(term: Term) -> tuple[Term, ...]:
    """The terms that a call must meet all together."""
    return term.terms if isinstance(term, And) else (term,)


def is_own(term: Term, key: str) -> bool:
    """True for a term that asks for nothing but this key."""
    return {part.key.lower() if isinstance(part, Filter) else "" for part in parts(term)} == {key}


def parts(term: Term) -> Iterator[Filter | Word]:
    """The filters and words of a term, whatever joins them."""
    match term:
        case Filter() | Word():
            yield term
        case Not(inner):
            yield from parts(inner)
        case And(terms) | Or(terms):
            for each in terms:
                yield from parts(each)


def is_packed(term: Term, and_times: bool = False) -> bool:
    """True where the packed text alone says whether a call meets a term; or it and the call's times."""
    return all(_is_packed(part, and_times) for part in parts(term))


def condition(terms: Iterable[Term], now: datetime) -> Where:
    """The condition of terms that the packed text can answer, over its columns."""
    found = [_condition(term, now) for term in terms]
    return joined("AND", found) if found else Where("TRUE", [])


def _is_packed(part: Filter | Word, and_times: bool) -> bool:
    if isinstance(part, Word):
        return False
    key = part.key.lower()
    if key == "gap":
        return write_value(part.value) in GAPS
    if and_times and key in packed.TIMES:
        return True
    if key not in packed.KEYS or key not in KEYS:
        return False
    if key == "finding":
        return not CROSS_CALL_FINDINGS.intersection(chosen(key, KEYS[key], part))
    return not any(_is_too_long(literal) for literal in _literals(part))


def _is_too_long(literal: Literal) -> bool:
    # A whole id is looked up in the index of ids, which is the table's.
    return len(literal.text) > packed.LONGEST or bool(ids.whole(literal.text))


def _literals(part: Filter) -> tuple[Literal, ...]:
    match part.value:
        case Literal() as one:
            return (one,)
        case OneOf(several):
            return several
        case _:
            return ()


def _condition(term: Term, now: datetime) -> Where:
    match term:
        case Filter(key, value) if key.lower() == "gap" and not isinstance(value, Anything):
            return Where("gap = %s", [write_value(value)])
        case Filter():
            return compiled(term, now)
        case Not(inner):
            sql, params = _condition(inner, now)
            return Where(f"({sql}) IS NOT TRUE", params)
        case And(terms):
            return condition(terms, now)
        case Or(terms):
            return joined("OR", [_condition(each, now) for each in terms])
        case Word():
            raise ValueError("Words are not packed.")
