"""How much one query may ask for: so that none costs a hundred times what a person's does."""

from collections.abc import Iterator

from callstore.domain.facts import ids
from callstore.search.errors import QueryError
from callstore.search.keys import KEYS
from callstore.search.tree import And, Filter, Literal, Not, OneOf, Or, Term, Word

MOST = 10


def check(term: Term) -> None:
    """Raises QueryError at the eleventh id, and at the eleventh word that is looked for in what was said."""
    met = {"ids": 0, "words": 0}
    for kind, literal in _searched(term):
        met[kind] += 1
        if met[kind] > MOST:
            raise QueryError(f"At most {MOST} {kind} can be looked for in one query.", *literal.place)


def named_id(term: Term) -> str | None:
    """The id that a bare word is; None for anything else, so for one in quotes."""
    return ids.whole(term.literal.text) if isinstance(term, Word) and not term.literal.quoted else None


def _searched(term: Term) -> Iterator[tuple[str, Literal]]:
    match term:
        case Word(literal):
            yield "ids" if named_id(term) else "words", literal
        case Filter(key, Literal() | OneOf() as value) if kind := KEYS.get(key.lower()):
            for literal in value.literals if isinstance(value, OneOf) else (value,):
                if kind.kind == "text":
                    yield "words", literal
                elif kind.kind == "name" and ids.whole(literal.text):
                    yield "ids", literal
        case Not(inner):
            yield from _searched(inner)
        case And(terms) | Or(terms):
            for each in terms:
                yield from _searched(each)
