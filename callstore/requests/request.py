"""A request: a task's name and typed arguments, which whoever is asked reads and checks."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self


class BadRequest(ValueError):
    """A request that nobody could fulfil. The message names the argument and never quotes its value."""


@dataclass(frozen=True, slots=True)
class Request(ABC):
    """What every request can do. Its fields are the arguments of the task TASK, by their names there."""

    TASK: ClassVar[str]

    def arguments(self) -> dict[str, Any]:
        """The arguments by name, as JSON can hold them."""
        return asdict(self)

    @classmethod
    def parse(cls, positional: Sequence[Any], named: Mapping[str, Any]) -> Self:
        """The request in a task's message, checked. Raises BadRequest."""
        request = cls.unchecked(positional, named)
        request.check()
        return request

    @classmethod
    def unchecked(cls, positional: Sequence[Any], named: Mapping[str, Any]) -> Self:
        """The request in a task's message, whatever its arguments are. Raises BadRequest for another number.

        Processes of the version before sent the arguments in a row; such messages may still be under way.
        """
        names = [field.name for field in fields(cls)]
        if len(positional) > len(names):
            raise BadRequest(f"{len(positional)} arguments are too many for {', '.join(names)}")
        given = {**dict(zip(names, positional, strict=False)), **named}
        if missing := [name for name in names if name not in given]:
            raise BadRequest(f"{', '.join(missing)} is missing")
        if len(given) > len(names):
            raise BadRequest(f"there are arguments besides {', '.join(names)}")
        return cls(**given)

    @abstractmethod
    def check(self) -> None:
        """Raise BadRequest where an argument is not what it should be."""


def demand(holds: bool, what: str) -> None:
    """Raise BadRequest saying what ought to hold, where it does not."""
    if not holds:
        raise BadRequest(what)


def is_text(value: object, shape: re.Pattern[str]) -> bool:
    """Whether a value is a text of this shape, from end to end."""
    return isinstance(value, str) and shape.fullmatch(value) is not None
