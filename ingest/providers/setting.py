"""The setting of a provider: plain data that imports nothing, read while Django's own settings are made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ingest.providers.folders import folders, part

Value = TypeVar("Value")


def as_bytes(secrets: Any) -> list[bytes]:
    """Each secret of an iterable of texts, as the bytes that it is written in."""
    return [secret.encode() for secret in secrets]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[Value]):
    """The variable that holds a provider's secrets.

    `read` makes the value of its text, an empty value of "", and raises ValueError with words that follow the
    name. `demo` is the text that everybody knows. Where the value is empty, the check of the id `check` warns
    of what is then (`without`). `keys` gives the bytes of each secret in a value, so that a check can refuse
    what is guessed; a value that is a list of texts needs none.
    """

    name: str
    read: Callable[[str], Value]
    demo: str
    check: str
    without: str
    keys: Callable[[Value], Iterable[bytes]] = as_bytes


def declared() -> list[Setting[Any]]:
    """The setting of every provider, found by scanning."""
    return [part(folder, "setting").SETTING for folder in folders()]


def listed(text: str) -> list[str]:
    """A comma separated text as a list without blanks."""
    return [item.strip() for item in text.split(",") if item.strip()]
