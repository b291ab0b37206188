"""What is looked for in what was said: patterns for LIKE, and the tokens that must be there."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from callstore.projection.words import tokens
from callstore.projection.words.spelling import WORD, folded, spelled
from callstore.projection.words.tokens import Side

SPOKEN: tuple[Side, ...] = ("caller", "agent")


class Pattern(NamedTuple):
    """A LIKE pattern for what was said on a side, and the tokens of it; () where every call must be read."""

    side: Side
    like: str
    tokens: tuple[int, ...]


Sought = tuple[Pattern, ...]  # a word: any of its patterns finds it


def sought(parts: Sequence[str], sides: Sequence[Side] = SPOKEN, ids: bool = False) -> Sought:
    """A word or phrase, in parts between which anything may stand, on these sides.

    It is found inside words, too, but with one or two letters only where a word begins. With `ids` it is
    looked for in numbers and ids as well, if it has a digit and three characters: letters are in all ids.
    """
    begun = [_begun(part, is_first=n == 0) for n, part in enumerate(parts)]
    patterns = [_pattern(side, begun) for side in sides]
    if ids and any(char.isdigit() for part in parts for char in folded(part)):
        patterns += within_ids(parts)
    return tuple(patterns)


def within_ids(parts: Sequence[str]) -> Sought:
    """What is looked for in numbers and ids alone; () where it is too short to be found by their index."""
    plain = [folded(part) for part in parts]
    return (_pattern("ids", plain),) if len("".join(plain)) >= tokens.PIECE else ()


def _begun(part: str, is_first: bool) -> str:
    """A part as it is spelled; without the space before its first word where that may go on to the left."""
    text = spelled(part)
    word = WORD.match(text.lstrip())
    may_go_on = not is_first or (word is not None and len(word[0]) > tokens.SHORT)
    return text.lstrip() if may_go_on else text


def _pattern(side: Side, parts: list[str]) -> Pattern:
    like = "%".join(re.sub(r"([\\%_])", r"\\\1", part) for part in parts)
    return Pattern(side, f"%{like}%", tuple(sorted(tokens.of_sought(side, parts))))
