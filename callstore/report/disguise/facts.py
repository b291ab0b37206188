"""Facts disguised before they are folded: so no word of theirs is in what is told of the call."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from callstore.domain.facts.events import AppSaid, CallNoted, Event
from callstore.domain.facts.record import Record, Ref
from callstore.domain.facts.vocabulary import HUNG_UP
from callstore.report.disguise.disguise import masked
from callstore.report.disguise.text import Scrub

ADDRESSES = frozenset({"caller", "called"})
NAMES = frozenset({"name", "label"})
KEYS = frozenset({"digits", "digit"})


def known_ids(records: Iterable[Record]) -> set[str]:
    """The ids that facts are about and mention, of whatever shape."""
    found = {id_ for record in records for id_ in (record.subject, *(ref.id for ref in record.refs))}
    return {id_.partition(":")[2] for id_ in found}


def disguised(records: Iterable[Record], scrub: Scrub) -> Iterator[Record]:
    """The facts without what is personal; what people wrote of the call is left out."""
    for record in records:
        if not isinstance(record.event, CallNoted):
            yield replace(
                record,
                subject=scrub.text(record.subject),
                key=scrub.text(record.key),
                event=_event(record.event, scrub),
                refs=tuple(Ref(ref.rule, scrub.text(ref.id)) for ref in record.refs),
            )


def _event(event: Event, scrub: Scrub) -> Event:
    changes = {}
    for field in fields(event):
        given = getattr(event, field.name)
        made = (
            _personal(event, field.name, given, scrub)
            if field.name in event.PERSONAL
            else _plain(given, scrub)
        )
        if made != given:
            changes[field.name] = made
    return replace(event, **changes) if changes else event


def _personal(event: Event, name: str, given: Any, scrub: Scrub) -> Any:
    if not isinstance(given, str) or not given:
        return given
    if name in ADDRESSES:
        return scrub.address(given)
    if name in KEYS:
        return given if given == HUNG_UP else "0" if name == "digit" else scrub.disguise.keys(given)
    if name in NAMES:
        return scrub.name(given)
    if name == "message" and not isinstance(event, AppSaid):
        return scrub.text(given)  # a provider's own words
    return masked(given)


def _plain(given: Any, scrub: Scrub) -> Any:
    if isinstance(given, str):
        return scrub.text(given)
    if isinstance(given, tuple):
        return tuple(_plain(each, scrub) for each in given)
    return given
