"""A request as plain data, before anybody has looked inside it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
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
