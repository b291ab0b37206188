"""One spelling for every value the log keeps, so that what is read back digests as it was written."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
LONGEST_NAME = 200  # characters: two names and the rest fit the 2,700 bytes of an index entry
BIGINT = 2**63  # no clock, counter or duration of ours gets near it


def text(value: str) -> str:
    """The text without what Postgres cannot hold: NUL becomes U+FFFD, a lone surrogate a question mark."""
    if value.isascii() and "\0" not in value:  # as nearly all are
        return value
    return value.replace("\0", "\ufffd").encode(errors="replace").decode()


def name(value: str) -> str:
    """A text short enough for an index: of one over 200 characters the beginning and a digest of all."""
    cleaned = text(value)
    if len(cleaned) <= LONGEST_NAME:
        return cleaned
    return f"{cleaned[:LONGEST_NAME]}~{hashlib.sha256(cleaned.encode()).hexdigest()}"


def bigint(value: int | None) -> int | None:
    """The number, or None where a bigint cannot hold it."""
    return value if value is not None and -BIGINT <= value < BIGINT else None


def moment(at: float) -> datetime:
    """Unix seconds as the timestamp that Postgres will give back: whole microseconds, UTC.

    Raises OverflowError or ValueError for what is not a moment between the years 1 and 9999.
    """
    return EPOCH + timedelta(microseconds=round(at * 1_000_000))


def microseconds(value: datetime) -> int:
    """A timestamp as whole microseconds since 1970."""
    return (value - EPOCH) // MICROSECOND


def plain(value: Any) -> Any:
    """A JSON value as jsonb returns it: lists for tuples, integers for whole floats, None for no number."""
    # Ordered by how often each is met; a match statement takes half as long again.
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if not abs(value) < BIGINT:  # NaN too
            return None
        return int(value) if value == int(value) else value
    if isinstance(value, Mapping):
        return {text(str(name)): plain(item) for name, item in value.items()}
    return [plain(item) for item in value]


def dump(value: Any) -> bytes:
    """The canonical JSON of a value: the same bytes before it is stored and after it is read."""
    return joined(members(value)) if isinstance(value, dict) else _spelled(value).encode()


def members(value: Mapping[Any, Any]) -> dict[str, str]:
    """The members of a JSON object by name, each as `dump` spells it."""
    spelled = ((text(str(name)), _spelled(item)) for name, item in value.items())
    return {name: f"{ENCODER.encode(name)}:{item}" for name, item in spelled}


def joined(members: Mapping[str, str]) -> bytes:
    """The canonical JSON of an object with these members."""
    return f"{{{','.join([members[name] for name in sorted(members)])}}}".encode()


def _spelled(value: Any) -> str:
    # A text, as nearly every fact is, goes without the copy and the walk.
    return ENCODER.encode(text(value) if type(value) is str else plain(value))


def framed(
    *values: str | bytes | int | date | datetime | UUID | list[str] | dict[str, Any] | None,
) -> bytes:
    """Values one behind the other, each with its length before it, so that no two rows spell the same."""
    parts = []
    for value in values:
        if value is None:
            parts.append(NOTHING)
        else:
            field = value if type(value) is bytes else _SPELLED[type(value)](value)
            parts += (len(field).to_bytes(8, "big"), field)
    return b"".join(parts)


NOTHING = b"\xff" * 8  # no value can be this long
_SPELLED: dict[type, Callable[[Any], bytes]] = {
    str: str.encode,
    int: b"%d".__mod__,
    UUID: attrgetter("bytes"),
    datetime: lambda value: b"%d" % microseconds(value),
    date: lambda value: value.isoformat().encode(),
    list: lambda value: framed(*value),
    dict: dump,
}
