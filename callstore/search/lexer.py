"""A query's text cut into tokens. It knows the shape of words and values, not what any key means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from callstore.search.errors import QueryError
from callstore.search.tree import NOWHERE, Anything, Compared, Literal, OneOf, Place, Range, Sign, Value

MAX_LENGTH = 2_000  # longer than any query a person wrote, short enough that no query costs much

KEY = re.compile(r"([A-Za-z_][\w.-]*):")
PHRASE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
WORD = re.compile(r'[^\s()"]+')
LISTED = re.compile(r'[^\s()"\[\],]+')
SIGN = re.compile(r">=|<=|>|<")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # neither can be in a Postgres text


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is one of ( ) not and or word filter end; a filter's text is its key."""

    kind: str
    place: Place
    text: str = ""
    quoted: bool = False
    value: Value | None = None
    value_place: Place = NOWHERE


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a query, an `end` last. Raises QueryError."""
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"The query has {len(text)} characters; {MAX_LENGTH} are allowed.",
            MAX_LENGTH,
            len(text) - MAX_LENGTH,
        )
    if bad := UNSTORABLE.search(text):
        raise QueryError("This character cannot be searched for.", bad.start(), 1, "")
    return _cut(text)


def _cut(text: str) -> Iterator[Token]:
    at = _skip(text, 0)
    while at < len(text):
        token, at = _token(text, at)
        yield token
        at = _skip(text, at)
    yield Token("end", Place(at, 0))


def _token(text: str, at: int) -> tuple[Token, int]:
    char = text[at]
    if char in "()":
        return Token(char, Place(at, 1)), at + 1
    if char in "-!":
        if _skip(text, at + 1) != at + 1 or at + 1 == len(text):
            raise QueryError(
                f'Put what to leave out directly after "{char}", or quote it.', at, 1, f'"{char}"'
            )
        return Token("not", Place(at, 1)), at + 1
    if found := KEY.match(text, at):
        value, end = _value(text, found.end(), found[1])
        key = Place(at, len(found[1]))
        return Token("filter", key, found[1], False, value, Place(found.end(), end - found.end())), end
    literal, end = _literal(text, at, WORD)
    kind = literal.text.lower() if literal.text in ("AND", "OR", "NOT") and not literal.quoted else "word"
    return Token(kind, literal.place, literal.text, literal.quoted), end


def _value(text: str, at: int, key: str) -> tuple[Value, int]:
    if text.startswith("[", at):
        return _list(text, at)
    if sign := SIGN.match(text, at):
        literal, end = _literal(text, sign.end(), WORD, key)
        return Compared(cast(Sign, sign[0]), literal), end
    literal, end = _literal(text, at, WORD, key)
    if literal.quoted:
        if not text.startswith("..", end):
            return literal, end
        high, after = _high(text, end + 2)
        return Range(literal, high), after
    if literal.text == "*":
        return Anything(), end
    low, dots, high_text = literal.text.partition("..")
    if not dots:
        return literal, end
    high_at = at + len(low) + 2
    high = Literal(high_text, place=Place(high_at, len(high_text)))
    if not high_text:
        high, end = _high(text, high_at)
    return Range(Literal(low, place=Place(at, len(low))), high), end


def _high(text: str, at: int) -> tuple[Literal, int]:
    ends = at == len(text) or text[at] in "()" or text[at].isspace()
    return (Literal("", place=Place(at, 0)), at) if ends else _literal(text, at, WORD)


def _list(text: str, at: int) -> tuple[OneOf, int]:
    start, literals = at, []
    while True:
        at = _skip(text, at + 1)
        literal, at = _literal(text, at, LISTED)
        literals.append(literal)
        at = _skip(text, at)
        if text.startswith("]", at):
            return OneOf(tuple(literals)), at + 1
        if not text.startswith(",", at):
            raise QueryError("The list is not closed: write it as [a,b].", start, at - start)


def _literal(text: str, at: int, pattern: re.Pattern[str], wanted_by: str = "") -> tuple[Literal, int]:
    if found := PHRASE.match(text, at):
        return Literal(ESCAPED.sub(r"\1", found[1]), True, Place(at, found.end() - at)), found.end()
    if text.startswith('"', at):
        raise QueryError("The quotation mark is not closed.", at, len(text) - at, f'{text[at:].rstrip()}"')
    if found := pattern.match(text, at):
        return Literal(found[0], False, Place(at, len(found[0]))), found.end()
    message = (
        f"{wanted_by}: needs a value directly after the colon." if wanted_by else "A value is missing here."
    )
    raise QueryError(message, at, 0)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
