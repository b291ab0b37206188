"""A query as a value, and back to text: `parse(write(tree)) == tree` for every tree that parse makes."""

from dataclasses import dataclass, field
from typing import Literal as Choice
from typing import NamedTuple, TypeAlias

Sign: TypeAlias = Choice[">", ">=", "<", "<="]


class Place(NamedTuple):
    """Where in the query's text something stands, in characters."""

    position: int
    length: int


NOWHERE = Place(0, 0)  # of a tree that no text was read for


@dataclass(frozen=True, slots=True)
class Literal:
    """One value. In quotes, a `*` is a star and not a wildcard."""

    text: str
    quoted: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Compared:
    sign: Sign
    literal: Literal


@dataclass(frozen=True, slots=True)
class Range:
    """`low..high`, both ends included. An end that was left out is an empty Literal."""

    low: Literal
    high: Literal


@dataclass(frozen=True, slots=True)
class OneOf:
    literals: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """`key:*`: known at all."""


Value: TypeAlias = Literal | Compared | Range | OneOf | Anything


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word or a quoted phrase."""

    literal: Literal


@dataclass(frozen=True, slots=True)
class Filter:
    """`key:value`. `place` is the key's, `value_place` the whole value's."""

    key: str
    value: Value
    place: Place = field(default=NOWHERE, compare=False)
    value_place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    term: "Term"


@dataclass(frozen=True, slots=True)
class And:
    """All of the terms; of none at all, everything."""

    terms: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Or:
    terms: tuple["Term", ...]


Term: TypeAlias = Word | Filter | Not | And | Or


def write(term: Term) -> str:
    """The query's text, tidied: one space between terms, only the parentheses that are needed."""
    match term:
        case Word(literal):
            return write_literal(literal)
        case Filter(key, value):
            return f"{key}:{write_value(value)}"
        case Not(inner):
            return "-" + _inner(inner, And, Or)
        case And(terms):
            return " ".join(_inner(each, Or) for each in terms)
        case Or(terms):
            return " OR ".join(write(each) for each in terms)


def write_value(value: Value) -> str:
    match value:
        case Literal():
            return write_literal(value)
        case Compared(sign, literal):
            return sign + write_literal(literal)
        case Range(low, high):
            return f"{write_literal(low)}..{write_literal(high)}"
        case OneOf(literals):
            return f"[{','.join(map(write_literal, literals))}]"
        case Anything():
            return "*"


def write_literal(literal: Literal) -> str:
    if not literal.quoted:
        return literal.text
    escaped = literal.text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _inner(term: Term, *looser: type[And] | type[Or]) -> str:
    return f"({write(term)})" if isinstance(term, looser) else write(term)
