"""A kept delivery disguised: as the body that could be sent again, or as JSON that one reads."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from callstore.report.disguise.disguise import masked
from callstore.report.disguise.values import TOO_DEEP, Fields


def is_json(body: str) -> bool:
    """Whether a kept body is JSON; else it is a form, or nobody knows."""
    return body[:1] in ("{", "[")


def as_sent(body: str, fields: Fields) -> str:
    """The body with everything personal disguised, to be sent through its door."""
    if is_json(body):
        written = _written(body, fields)
        return masked(body) if written is None else written.decode()
    if "=" not in body:
        return masked(body)
    return urlencode([(name, fields.value(name, value)) for name, value in _pairs(body)])


def as_read(body: str, fields: Fields) -> Any:
    """The same as JSON that orjson writes: a form as an object; what cannot be read is left out."""
    if is_json(body):
        written = _written(body, fields)
        return None if written is None else orjson.Fragment(written)
    return {name: fields.value(name, value) for name, value in _pairs(body)} if "=" in body else None


def _written(body: str, fields: Fields) -> bytes | None:
    """JSON disguised, or None where it is none, or nested deeper than can be written."""
    try:
        return orjson.dumps(fields.value("", orjson.loads(body)))
    except (orjson.JSONDecodeError, *TOO_DEEP):
        return None


def _pairs(body: str) -> list[tuple[str, str]]:
    return parse_qsl(body, keep_blank_values=True)
