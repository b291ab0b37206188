"""A request as plain data, before anybody has looked inside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote_to_bytes


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What arrived at a door.

    `path` is what was asked for with its query, as the sender wrote it; `headers` have lower-case
    names; `received_at` is our clock in Unix seconds.
    """

    door: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    received_at: float

    @property
    def is_json(self) -> bool:
        return "json" in self.headers.get("content-type", "").lower()

    @property
    def query(self) -> str:
        return self.path.partition("?")[2]

    @cached_property
    def form(self) -> tuple[tuple[str, str], ...]:
        """The body's fields in order, blanks kept; both the proof and the reading want them.

        The same field with the same value again is none: a signature holds with it and without it, so that
        anybody may have repeated it. As urllib's parse_qsl reads them, in half its time. Bytes that are no
        UTF-8 become U+FFFD.
        """
        spaced = self.body.decode(errors="replace").replace("+", " ")
        fields = [field.partition("=") for field in spaced.split("&") if field]
        return tuple(dict.fromkeys([(_unescaped(name), _unescaped(value)) for name, _, value in fields]))


def _unescaped(text: str) -> str:
    return unquote_to_bytes(text).decode(errors="replace") if "%" in text else text
