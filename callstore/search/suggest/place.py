"""Where in an unfinished query something is being written: the word, the key, or the value of a key."""

import re
from typing import NamedTuple

from callstore.search.lexer import KEY, MAX_LENGTH

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
BARE = re.compile(r'[^\s()"\[\],]+')
SIGN = re.compile(r">=|<=|>|<")
BEFORE = re.compile(r"[\s()]*")


class Spot(NamedTuple):
    """What is written at a place, from `start` to `end`: `typed` is the part before the place.

    With a `key` it is a value of that; the term that it is in goes from `term_start` to `term_end`.
    """

    key: str | None
    typed: str
    start: int
    end: int
    term_start: int
    term_end: int


def spot(text: str, at: int) -> Spot | None:
    """What is being written at a place; None in a phrase, and behind a sign of comparison."""
    text = text[:MAX_LENGTH]
    at = max(0, min(at, len(text)))
    position = 0
    while True:
        term = begin = _past(BEFORE, text, position)
        if begin > at or begin == len(text):
            return Spot(None, "", at, at, at, at)
        if text[begin] in "-!":
            begin += 1
        key = KEY.match(text, begin)
        parts = list(_values(text, key.end())) if key else [_piece(text, begin)]
        end = max([part_end for _, part_end in parts], default=key.end() if key else begin)
        end = _past(re.compile(r"[\],]*"), text, end) if key else max(end, begin)
        if at <= end or end == len(text):
            break
        position = max(end, term + 1)
    if key is None:
        start, end = parts[0]
        return None if text.startswith('"', start) else Spot(None, text[start:at], start, end, term, end)
    if at < key.end():
        return Spot(None, text[begin:at], begin, key.end(), term, end)
    for start, part_end in parts:
        if start <= at <= part_end:
            if SIGN.match(text, start):
                return None
            return Spot(key[1].lower(), _unquoted(text[start:at]), start, part_end, term, end)
    return None


def _values(text: str, at: int) -> list[tuple[int, int]]:
    """From where to where each value stands: one, or those of a list."""
    if not text.startswith("[", at):
        sign = SIGN.match(text, at)
        return [(at, _piece(text, sign.end())[1])] if sign else [_piece(text, at)]
    found, at = [], at + 1
    while True:
        start = _past(re.compile(r"\s*"), text, at)
        found.append(piece := _piece(text, start))
        at = _past(re.compile(r"\s*"), text, piece[1])
        if not text.startswith(",", at):
            return found
        at += 1


def _piece(text: str, at: int) -> tuple[int, int]:
    found = QUOTED.match(text, at) or BARE.match(text, at)
    return (at, found.end() if found else at)


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:]).removesuffix('"') if text.startswith('"') else text
