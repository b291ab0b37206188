"""Where a field of a server event is found, and as what it is read."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from callstore.domain.facts.events import FrameEvent
from ingest.dialects.parse import mapping, number, text

ServerEvent: TypeAlias = Mapping[str, Any]
FieldReader: TypeAlias = Callable[[ServerEvent], Any]
# Which of our events a server event is, and where each of its fields is found.
Fact: TypeAlias = tuple[type[FrameEvent], dict[str, FieldReader]]


def at(path: str, read: Callable[[object], Any] = text) -> FieldReader:
    """Reads the value at a dotted path."""
    *way, last = path.split(".")

    def found(event: ServerEvent) -> Any:
        for step in way:
            event = mapping(event.get(step))
        return read(event.get(last))

    return found


def either(*paths: str, read: Callable[[object], Any] = text) -> FieldReader:
    """Reads the first of several places that has a value: GA first, then beta."""
    readers = [at(path, read) for path in paths]
    return lambda event: next((value for read in readers if (value := read(event)) is not None), None)


def name_of_call(path: str) -> FieldReader:
    """Reads a tool's name, where the item at a path is a call of it: `function_call`, `mcp_call`."""
    read = at(path, mapping)

    def found(event: ServerEvent) -> str | None:
        item = read(event)
        return text(item.get("name")) if str(item.get("type")).endswith("_call") else None

    return found


def always(value: object) -> FieldReader:
    return lambda event: value


def words(value: object) -> str | None:
    """Spoken words, with the blanks that join one piece to the next."""
    return value.replace("\0", "") if isinstance(value, str) else None


def whole(value: object) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def names(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else []
    return tuple(name for item in listed if (name := text(mapping(item).get("name"))))


OUTPUT_FORMAT = either("session.audio.output.format.type", "session.output_audio_format")  # GA, beta
