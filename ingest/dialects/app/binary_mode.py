"""An event whose attributes are headers and whose body is its data: what clients of CloudEvents send first.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode
"""

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from ingest.dialects import json_batch
from ingest.dialects.json_batch import Unreadable

PREFIX = "ce-"
REQUIRED = frozenset({"ce-specversion", "ce-id", "ce-source", "ce-type"})
STRUCTURED = "application/cloudevents"  # and what begins with it: a batch, a format


def is_binary(headers: Mapping[str, str]) -> bool:
    """Whether the headers are the event; a body that says it holds events is believed before them."""
    named = headers.get("content-type", "").strip().lower()
    return not named.startswith(STRUCTURED) and not REQUIRED.isdisjoint(headers)


def element(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The same event as an object of the JSON format; what it lacks is not there."""
    found: dict[str, Any] = {
        name.removeprefix(PREFIX): _decoded(value)
        for name, value in headers.items()
        if name.startswith(PREFIX)
    }
    kind = headers.get("content-type", "").strip()
    return found | ({"datacontenttype": kind} if kind else {}) | (_data(kind, body) if body else {})


def _decoded(value: str) -> str:
    """A header's value: out of its quotes, then percent-decoded once (§3.1.3.2 of the binding)."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return unquote_to_bytes(value.encode("latin-1", errors="replace")).decode(errors="replace")


def _data(kind: str, body: bytes) -> dict[str, Any]:
    """JSON as a value unless it says that it is text, text as a string, bytes as base64."""
    if not kind.lower().startswith("text/"):
        value = json_batch.read(body)
        if not isinstance(value, Unreadable):
            return {"data": value}
    try:
        return {"data": body.decode()}
    except UnicodeDecodeError:
        return {"data_base64": base64.b64encode(body).decode()}
