"""JSON as its elements, each read alone: one that cannot be read or kept hides none of its neighbours."""

import re
from dataclasses import dataclass

import orjson

DEEPEST = 254  # levels that orjson writes; it reads more
NOT_JSON = "not valid JSON"
_TOO_DEEP = f"nested too deeply: more than {DEEPEST} levels"
# Python's json.dumps writes them unless it is told not to.
_NO_NUMBER = f"{NOT_JSON}: NaN and Infinity are no numbers of it"
# A text, what parts a structure, a number that is none, and the quote of a text that never ends.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]|NaN|Infinity|"', re.S)
_DEEPER = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for what could not be read: its bytes, and why, in words for whoever sent it."""

    raw: bytes
    error: str


def elements(body: bytes) -> list[object]:
    """The values of an array, or the one value that there is; Unreadable in place of what cannot be kept."""
    try:
        whole = orjson.loads(body)
        orjson.dumps(whole)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return [read(part) for part in _parts(body) or [body]]
    return whole if isinstance(whole, list) else [whole]


def read(text: bytes) -> object:
    """The one value of a text that can also be written again, or Unreadable."""
    try:
        value = orjson.loads(text)
        orjson.dumps(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return Unreadable(text, _fault(text))
    return value


def _parts(body: bytes) -> list[bytes] | None:
    """The texts of an array's elements, cut where they part; None for what is no whole array."""
    body = body.strip()
    if not body.startswith(b"["):
        return None
    parts, depth, begun = [], 0, 1
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark == b'"':
            return None
        depth += _DEEPER.get(mark, 0)
        if (mark == b"," and depth == 1) or depth == 0:
            parts.append(body[begun : token.start()].strip())
            begun = token.end()
        if depth == 0:
            return parts if begun == len(body) else None
    return None


def _fault(text: bytes) -> str:
    depth = 0
    for token in _TOKEN.finditer(text):
        match token[0]:
            case b'"':  # nothing can be told beyond it
                break
            case b"NaN" | b"Infinity":
                return _NO_NUMBER
            case mark:
                depth += _DEEPER.get(mark, 0)
        if depth > DEEPEST:
            return _TOO_DEEP
    return NOT_JSON
