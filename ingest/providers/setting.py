"""The setting of a provider: plain data that imports nothing, read while Django's own settings are made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ingest.providers.folders import folders, part

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[Value]):
    """The variable that holds a provider's secrets.

    `read` makes the value of its text, an empty value of "", and raises ValueError with words that follow the
    name. `demo` is the text that everybody knows. Where the value is empty, the check of the id `check` warns
    of what is then (`without`).
    """

    name: str
    read: Callable[[str], Value]
    demo: str
    check: str
    without: str


def declared() -> list[Setting[Any]]:
    """The setting of every provider, found by scanning."""
    return [part(folder, "setting").SETTING for folder in folders()]


def listed(text: str) -> list[str]:
    """A comma separated text as a list without blanks."""
    return [item.strip() for item in text.split(",") if item.strip()]
