"""Wildcards: a `*` outside quotes stands for any characters."""

import re

from callstore.search.tree import Literal


def like(literal: Literal, inside: bool = False, text: str | None = None) -> str:
    """The LIKE pattern of a literal; `inside` finds it anywhere. `text` stands for the literal's own."""
    escaped = re.sub(r"([\\%_])", r"\\\1", literal.text if text is None else text)
    pattern = escaped if literal.quoted else escaped.replace("*", "%")
    return f"%{pattern}%" if inside else pattern


def matches(literal: Literal, word: str) -> bool:
    """Whether one of our own words is meant; case does not count, nor - against _."""
    wanted, known = (text.casefold().replace("-", "_") for text in (literal.text, word))
    first, *rest = [wanted] if literal.quoted else wanted.split("*")
    if not rest:
        return wanted == known
    # Not a regular expression: many stars would make one backtrack for ever.
    at = len(first)
    for part in rest[:-1]:
        found = known.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return known.startswith(first) and known.endswith(rest[-1]) and len(known) - len(rest[-1]) >= at
