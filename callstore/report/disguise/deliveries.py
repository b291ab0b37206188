"""A kept delivery disguised: as the body that could be sent again, or as JSON that one reads."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from callstore.report.disguise.disguise import masked
from callstore.report.disguise.values import Fields


def is_json(body: str) -> bool:
    """Whether a kept body is JSON; else it is a form, or nobody knows."""
    return body[:1] in ("{", "[")


def as_sent(body: str, fields: Fields) -> str:
    """The body with everything personal disguised, to be sent through its door."""
    if is_json(body):
        try:
            return orjson.dumps(fields.value("", orjson.loads(body))).decode()
        except orjson.JSONDecodeError:
            return masked(body)
    if "=" not in body:
        return masked(body)
    return urlencode([(name, fields.value(name, value)) for name, value in _pairs(body)])


def as_read(body: str, fields: Fields) -> Any:
    """The same as JSON: a form as an object; what cannot be read is left out."""
    if is_json(body):
        try:
            return fields.value("", orjson.loads(body))
        except orjson.JSONDecodeError:
            return None
    return {name: fields.value(name, value) for name, value in _pairs(body)} if "=" in body else None


def _pairs(body: str) -> list[tuple[str, str]]:
    return parse_qsl(body, keep_blank_values=True)
