"""Server events in sizes that can be kept: none larger than half of a body that a door takes."""

from collections.abc import Mapping
from typing import Any

import orjson

LARGEST = 1024 * 1024  # bytes of an event
LARGE = 16 * 1024  # what is smaller is not measured
SHORT = 1024


def read_event(raw: bytes) -> Any:
    """A server event; text where it is no JSON object that can be kept."""
    try:
        event = orjson.loads(raw)
        if isinstance(event, dict) and (len(raw) < LARGE // 64 or orjson.dumps(event)):
            return event
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        pass
    return raw[:LARGEST].decode(errors="replace")


def curtailed(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event, or what is short in one that is far too long, with its length in bytes."""
    length = len(orjson.dumps(event))
    if length <= LARGEST:
        return event
    short = {name: value for name, value in event.items() if len(orjson.dumps(value)) < SHORT}
    return {**short, "left_out_of_bytes": length}
