"""By which numbers words are indexed: few for a call, and together rare in those that lack the words.

Of a word between spaces its first letter and its first two, each three letters, each four and each six; of
two words that follow each other the end of one with the beginning of the other, since each of a phrase's
words is in many calls; of writing without spaces each letter and each two; of ids and numbers each three
characters. Each is 32 bits of a digest over its kind, and whose side it was said on.

Each two letters, as pg_bigm has them, do not tell words in Latin script apart: all such pieces of an absent
word like `station` are in nearly every call. pg_trgm's three do so less well than four, and know no
Japanese word of two characters. All fours of `station` are in one call of twelve that lacks it, its sixes
in hardly any, for a seventh more tokens.
"""

import zlib
from collections.abc import Iterator
from typing import Literal, TypeAlias

from callstore.projection.words.spelling import RUN, WORD

Side: TypeAlias = Literal["caller", "agent", "ids"]

SHORT = 2  # letters: such a word is found where a word begins, longer ones anywhere
PIECE = 3
PIECES = (PIECE, 4, 6)  # letters; of a word that is looked for the longest that it has
END = 3  # letters of a word that another follows


def of_text(side: Side, text: str) -> set[int]:
    """The tokens of everything that was said on a side, as it is spelled, a line each."""
    find = _of_id if side == "ids" else _of_line
    return {token(side, piece) for line in text.split("\n") for piece in find(line)}


def of_sought(side: Side, parts: list[str]) -> set[int]:
    """The tokens of every text in which these parts, as they are spelled, are found; () if none is sure."""
    find = _of_id if side == "ids" else _of_part
    return {token(side, piece) for part in parts for piece in find(part)}


def _of_line(line: str) -> Iterator[str]:
    before = ""
    for word in WORD.findall(line):
        yield from (f"^{word[:length]}" for length in range(1, SHORT + 1))
        for length in PIECES:
            yield from _pieces(word, length)
        if before:
            yield _pair(before, word)
        before = word
    for run in RUN.findall(line):
        yield from run
        yield from _pieces(run, 2)


def _of_part(part: str) -> Iterator[str]:
    before = ""
    for found in WORD.finditer(part):
        word, may_go_on = found[0], found.end() == len(part)
        if len(word) > SHORT:
            yield from _pieces(word, max(length for length in PIECES if length <= len(word)))
        elif found.start() > 0:  # spelled words have a space before them; else it goes on to the left
            yield f"^{word}"
        if before and (len(word) >= SHORT or not may_go_on):
            yield _pair(before, word)
        before = word if found.start() > 0 or len(word) >= END else ""
    for run in RUN.findall(part):
        yield from _pieces(run, min(len(run), 2))


def _of_id(text: str) -> Iterator[str]:
    return _pieces(text, PIECE)


def _pieces(text: str, length: int) -> Iterator[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))


def _pair(before: str, word: str) -> str:
    return f"{before[-END:]} {word[:SHORT]}"


def token(kind: str, text: str) -> int:
    """A token of this kind: a side, or another."""
    return zlib.crc32(f"{kind}\n{text}".encode()) - 2**31
