"""A query with a value chosen, left out, or a key's terms taken away: text in, text out.

Only terms that ask for nothing but the key are touched, and only where a call must meet them all: what stands
inside alternatives with other keys is kept as it is, and what is added stands behind it.
"""

import re
from dataclasses import dataclass, replace

from callstore.search.facets.terms import is_own, top
from callstore.search.keys import KEYS
from callstore.search.parser import parse
from callstore.search.patterns import matches
from callstore.search.tree import And, Filter, Literal, Not, OneOf, Term, write, write_value

PLAIN = re.compile(r"[\w+][\w+-]*(?:\.[\w+-]+)*", re.ASCII)  # no wildcard, no range
MEASURES = frozenset({"number", "duration", "time"})  # their values are never in quotes


@dataclass(frozen=True)
class Edited:
    """A query that was read, ready to be edited."""

    tree: Term

    @classmethod
    def read(cls, text: str) -> "Edited":
        """Raises QueryError."""
        return cls(parse(text))

    def only(self, key: str, value: str) -> str:
        """Of this key nothing but the value."""
        return _written(*self._others(key), _filter(key, value))

    def without(self, key: str, value: str) -> str:
        """What was asked, and not this value."""
        return _written(*self._neither(key, value), Not(_filter(key, value)))

    def cleared(self, key: str) -> str:
        """Whatever the key's value."""
        return _written(*self._others(key))

    def unsaid(self, key: str, value: str) -> str:
        """Neither chosen nor left out."""
        return _written(*self._neither(key, value))

    def chosen(self, key: str, value: str) -> bool:
        """True where one of the key's own terms names the value."""
        return any(_is(term, key, value) for term in top(self.tree))

    def left_out(self, key: str, value: str) -> bool:
        """True where one of the key's own terms leaves the value out."""
        return any(_is(term, key, value, negated=True) for term in top(self.tree))

    def asks(self, key: str) -> bool:
        """True where a term is the key's own."""
        return any(is_own(term, key) for term in top(self.tree))

    def named(self, key: str) -> list[str]:
        """The values that the key's own terms name, chosen or left out."""
        found: dict[str, None] = {}
        for term in top(self.tree):
            filter_ = term.term if isinstance(term, Not) else term
            if isinstance(filter_, Filter) and filter_.key.lower() == key:
                found |= dict.fromkeys(_values(filter_))
        return list(found)

    def _neither(self, key: str, value: str) -> list[Term]:
        kept = (left for term in top(self.tree) if (left := _less(term, key, value)))
        return [term for term in kept if not _is(term, key, value, negated=True)]

    def _others(self, key: str) -> tuple[Term, ...]:
        return tuple(term for term in top(self.tree) if not is_own(term, key))


def _written(*terms: Term) -> str:
    # One alone needs no parentheses.
    return write(terms[0] if len(terms) == 1 else And(terms))


def value_text(key: str, value: str) -> str:
    """`key:value` as a query says it, in quotes where it has to be."""
    return write(_filter(key, value))


def _filter(key: str, value: str) -> Filter:
    if KEYS[key].kind in MEASURES:
        return parse(f"{key}:{value}")  # type: ignore[return-value]  # one key and one value is a filter
    return Filter(key, Literal(value, quoted=not PLAIN.fullmatch(value)))


def _less(term: Term, key: str, value: str) -> Term | None:
    """A term without the value, where it names that among others; None where it names that alone."""
    if _is(term, key, value):
        assert isinstance(term, Filter)
        if not isinstance(term.value, OneOf):
            return None
        kept = tuple(each for each in term.value.literals if not _means(key, each, value))
        return replace(term, value=kept[0] if len(kept) == 1 else OneOf(kept)) if kept else None
    return term


def _is(term: Term, key: str, value: str, negated: bool = False) -> bool:
    if negated:
        return isinstance(term, Not) and _is(term.term, key, value)
    if not isinstance(term, Filter) or term.key.lower() != key:
        return False
    if isinstance(term.value, OneOf):
        return any(_means(key, each, value) for each in term.value.literals)
    if isinstance(term.value, Literal):
        return _means(key, term.value, value)
    return write_value(term.value) == value


def _means(key: str, literal: Literal, value: str) -> bool:
    """Not by a wildcard: that is no value, and stays."""
    if "*" in literal.text and not literal.quoted:
        return False
    if KEYS[key].values:
        return matches(literal, value)
    return literal.text.casefold() == value.casefold()


def _values(filter_: Filter) -> list[str]:
    match filter_.value:
        case OneOf(literals):
            return [each.text for each in literals if each.quoted or "*" not in each.text]
        case Literal() as one:
            return [one.text] if one.quoted or "*" not in one.text else []
        case other:
            return [write_value(other)]
