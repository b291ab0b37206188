"""Server events in sizes that can be kept: none larger than half of a body that a door takes."""

from collections.abc import Mapping
from typing import Any

import orjson

LARGEST = 1024 * 1024  # bytes of an event
LARGE = 16 * 1024  # what is smaller is not measured
SHORT = 1024
TEXT = LARGEST // 6  # bytes of what is told as text: of a control character JSON makes six
MANY = 500_000  # commas and brackets: 32 MB of nothing else are a gigabyte of objects, and seconds


def read_event(raw: bytes) -> Any:
    """A server event; the beginning as text of what is no JSON object, or none that can be read and kept."""
    try:
        if len(raw) <= LARGEST or sum(map(raw.count, (b",", b"[", b"{"))) <= MANY:
            event = orjson.loads(raw)
            if isinstance(event, dict) and (len(raw) < LARGE // 64 or orjson.dumps(event)):
                return event
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        pass
    return raw[:TEXT].decode(errors="replace")


def curtailed(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event, or as much of what is short in one that is far too long, with its length in bytes."""
    length = len(orjson.dumps(event))
    if length <= LARGEST:
        return event
    short: dict[str, Any] = {"left_out_of_bytes": length}
    room = LARGEST
    for name, value in event.items():
        size = len(orjson.dumps({name: value}))
        if size < min(SHORT, room):
            short[name] = value
            room -= size
    return short
