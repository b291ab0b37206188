"""What is told of each stable field beside its value."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["", "s", "ms", "UTC"]  # UTC: a moment, ISO 8601 with milliseconds


@dataclass(frozen=True, slots=True)
class Field:
    """What a stable field means and where it comes from; `column` is its name in SQL where that differs."""

    meaning: str
    source: str
    unit: Unit = ""
    column: str = ""
