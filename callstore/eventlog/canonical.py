"""One spelling for every value the log keeps, so that what is read back digests as it was written."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
LONGEST_NAME = 200  # characters: two names and the rest fit the 2,700 bytes of an index entry
BIGINT = 2**63  # no clock, counter or duration of ours gets near it


def text(value: str) -> str:
    """The text without what Postgres cannot hold: NUL becomes U+FFFD, a lone surrogate a question mark."""
    return value.replace("\0", "\ufffd").encode(errors="replace").decode()


def name(value: str) -> str:
    """A text short enough for an index: of one over 200 characters the beginning and a digest of all."""
    cleaned = text(value)
    if len(cleaned) <= LONGEST_NAME:
        return cleaned
    return f"{cleaned[:LONGEST_NAME]}~{hashlib.sha256(cleaned.encode()).hexdigest()}"


def whole(value: int | None) -> int | None:
    """The number, or None where a bigint cannot hold it."""
    return value if value is not None and -BIGINT <= value < BIGINT else None


def moment(at: float) -> datetime:
    """Unix seconds as the timestamp that Postgres will give back: whole microseconds, UTC.

    Raises OverflowError or ValueError for what is not a moment between the years 1 and 9999.
    """
    return EPOCH + timedelta(microseconds=round(at * 1_000_000))


def microseconds(value: datetime) -> int:
    """A timestamp as whole microseconds since 1970."""
    return (value - EPOCH) // timedelta(microseconds=1)


def plain(value: Any) -> Any:
    """A JSON value as jsonb returns it: lists for tuples, integers for whole floats, None for no number."""
    match value:
        case None | bool():
            return value
        case str():
            return text(value)
        case int() | float():
            if not abs(value) < BIGINT:  # NaN too
                return None
            return int(value) if value == int(value) else value
        case Mapping():
            return {text(str(name)): plain(item) for name, item in value.items()}
        case _:
            return [plain(item) for item in value]


def dump(value: Any) -> bytes:
    """The canonical JSON of a value: the same bytes before it is stored and after it is read."""
    return ENCODER.encode(plain(value)).encode()


def framed(
    *values: str | bytes | int | date | datetime | UUID | list[str] | Mapping[str, Any] | None,
) -> bytes:
    """Values one behind the other, each with its length before it, so that no two rows spell the same."""
    parts = []
    for value in values:
        match value:
            case None:
                parts.append(b"\xff" * 8)  # no value can be this long
                continue
            case bytes():
                field = value
            case str():
                field = value.encode()
            case UUID():
                field = value.bytes
            case datetime():
                field = b"%d" % microseconds(value)
            case date():
                field = value.isoformat().encode()
            case list():
                field = framed(*value)
            case Mapping():
                field = dump(value)
            case _:
                field = b"%d" % value
        parts += (len(field).to_bytes(8, "big"), field)
    return b"".join(parts)
