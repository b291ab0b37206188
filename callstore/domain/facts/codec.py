"""Events to stored form and back: (type, facts in the clear, personal fields) ↔ event, for ever readable."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, get_args

from callstore.domain.facts.events import Event, FrameEvent, Unrecognised

SCHEMA_VERSION = 1
# Beside an event's own fields: by which way its fact came. It is stored among them and belongs to the record.
BACKFILLED = "backfilled"
# Fields that older copies of the same fact lack: a copy that has them contradicts none that has not.
SAID_LATER = frozenset({"account", "proved_by", "output_format", BACKFILLED})

_CLASSES: dict[str, type[Event]] = {
    cls.TYPE: cls for cls in (*[c for c in get_args(Event) if c is not FrameEvent], *get_args(FrameEvent))
}
_DEFAULTS = {cls: {f.name: f.default for f in fields(cls)} for cls in _CLASSES.values()}


def event_types() -> dict[str, type[Event]]:
    """Every wire name and its class."""
    return dict(_CLASSES)


def encode(event: Event) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """An event as (type, facts, personal). Fields at their default are left out: rows stay small."""
    facts: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    for name, default in _DEFAULTS[type(event)].items():
        value = getattr(event, name)
        if value != default:
            (personal if name in event.PERSONAL else facts)[name] = value
    return event.TYPE, facts, personal


def parted(
    type_: str, facts: Mapping[str, Any], sealed: Mapping[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """(facts, personal) of a stored event as they are told: a plain field that was sealed is in its place."""
    if sealed is None or type_ not in _CLASSES:
        return dict(facts), None if sealed is None else dict(sealed)
    personal = {name: value for name, value in sealed.items() if name in _CLASSES[type_].PERSONAL}
    plain = {name: value for name, value in sealed.items() if name not in personal}
    return {**facts, **plain}, personal or None


def decode(type_: str, facts: Mapping[str, Any], personal: Mapping[str, Any] | None) -> Event:
    """The event that `encode` took apart, tuples restored. Erased personal fields come back as None.

    A type or shape that this version does not know becomes Unrecognised, never an error: a log outlives
    the code that reads it. A field that a later version added is left out: two may read beside each other.
    """
    build = _BUILDERS.get(type_)
    if build is None:
        return Unrecognised(note="unknown type", hint=type_)
    personal = personal or {}
    try:
        return build(facts, personal)
    except TypeError:
        known = _DEFAULTS[_CLASSES[type_]]
        facts, personal = ({n: v for n, v in each.items() if n in known} for each in (facts, personal))
    try:
        return build(facts, personal)
    except TypeError:
        return Unrecognised(note="unreadable facts", hint=type_)


def _builder(cls: type[Event]) -> Callable[[Mapping[str, Any], Mapping[str, Any]], Event]:
    sequences = [f.name for f in fields(cls) if str(f.type).startswith("tuple")]
    spans = {f.name for f in fields(cls) if str(f.type).startswith("tuple[tuple")}

    def build(facts: Mapping[str, Any], personal: Mapping[str, Any]) -> Event:
        values = {**facts, **personal}
        for name in sequences:
            if name in values:
                items = values[name]
                values[name] = tuple(tuple(i) for i in items) if name in spans else tuple(items)
        return cls(**values)

    return build


_BUILDERS = {type_: _builder(cls) for type_, cls in _CLASSES.items()}
