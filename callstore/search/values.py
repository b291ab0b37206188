"""The values of keys that have no measure: words from a closed list, and free text."""

import difflib

from callstore.search.errors import QueryError
from callstore.search.keys import Key
from callstore.search.patterns import matches
from callstore.search.tree import Anything, Compared, Filter, Literal, OneOf, Range, write_literal


def chosen(name: str, key: Key, term: Filter) -> list[str]:
    """Which of the key's own words are meant. Raises QueryError where none is."""
    if isinstance(term.value, Anything):
        return list(key.values)
    if isinstance(term.value, Compared) and key.ordered:
        edge = key.values.index(_matching_words(name, key, term.value.literal)[0])
        return [word for at, word in enumerate(key.values) if _holds(term.value.sign, at, edge)]
    words = [word for literal in plain(name, term) for word in _matching_words(name, key, literal)]
    return list(dict.fromkeys(words))


def plain(name: str, term: Filter) -> list[Literal]:
    """The literals of a value that is neither compared nor a range. Raises QueryError."""
    match term.value:
        case Literal() as one:
            return [one]
        case OneOf(several):
            return list(several)
        case Range(low, high) if not (low.quoted or high.quoted):
            return [Literal(f"{low.text}..{high.text}", place=term.value_place)]  # dots are text here: Um...
        case Compared(literal=literal):
            raise QueryError(
                f"{name}: has no order to compare by.", *term.value_place, write_literal(literal)
            )
        case _:
            raise QueryError(f"{name}: takes no range.", *term.value_place)


def _matching_words(name: str, key: Key, literal: Literal) -> list[str]:
    words = [word for word in key.values if matches(literal, word)]
    if words:
        return words
    near = difflib.get_close_matches(literal.text.lower(), key.values, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    message = f"{name}: has no value {write_literal(literal)}.{hint} It knows: {', '.join(key.values)}."
    raise QueryError(message, *literal.place, near[0] if near else None)


def _holds(sign: str, at: int, edge: int) -> bool:
    return {">": at > edge, ">=": at >= edge, "<": at < edge, "<=": at <= edge}[sign]
