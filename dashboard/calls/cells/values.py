"""A value in a cell of the list: its words, and the filter that a click on it adds."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from callstore.search.tree import Literal, write_literal
from dashboard.export.incident import redacted

PLAIN = re.compile(r"[\w.*+-]+", re.ASCII)


class Value(NamedTuple):
    """Its words, the filter that a click adds (none: it cannot be clicked), how it looks, what it means."""

    text: str
    term: str = ""
    icon: str = ""
    tone: str = ""
    about: str = ""


def term(key: str, value: object) -> str:
    """`key:value`, quoted where it has to be."""
    text = str(value)
    return f"{key}:{text if PLAIN.fullmatch(text) else write_literal(Literal(text, quoted=True))}"


def moment(text: str | None) -> datetime | None:
    """A stored time in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def clock(seconds: float | None) -> str | None:
    """A length as m:ss or h:mm:ss."""
    if seconds is None:
        return None
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def value(key: str, found: object, text: str | None = None) -> Value | None:
    """What is known of a key's field as a value that can be clicked."""
    return None if found is None else Value(text or str(found), term(key, found))


def number(key: str, found: str | None) -> Value | None:
    """A telephone number without its middle."""
    # The filter is masked as the number is: an address is kept in histories and logs.
    shown = redacted(found)
    return Value(shown, term(key, re.sub(r"\*+", "*", shown))) if shown else None


def seconds(key: str, found: float | None) -> Value | None:
    """A length in seconds; with a key a click asks for calls that show the same."""
    if found is None:
        return None
    return Value(f"{found:.1f}", f"{key}:{found:.1f}s" if key and found >= 0 else "")
