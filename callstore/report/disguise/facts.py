"""Facts disguised before they are folded: so no word of theirs is in what is told of the call."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from callstore.domain.facts import ids
from callstore.domain.facts.events import AppSaid, CallNoted, Event
from callstore.domain.facts.record import Record, Ref
from callstore.domain.facts.vocabulary import HUNG_UP
from callstore.report.disguise.disguise import masked
from callstore.report.disguise.text import Scrub

ADDRESSES = frozenset({"caller", "called"})
NAMES = frozenset({"name", "label"})
KEYS = frozenset({"digits", "digit"})
_NUMBER = re.compile(r"\+\d{7}")


def known_ids(records: Iterable[Record]) -> set[str]:
    """The ids that facts are about and mention, of whatever shape; those that hold a number are none."""
    found = {id_ for record in records for id_ in (record.subject, *(ref.id for ref in record.refs))}
    return {whole for id_ in found if not _NUMBER.search(whole := ids.id_of(id_))}


def disguised(
    records: Iterable[Record], scrub: Scrub, words: Callable[[str], str] = masked
) -> Iterator[Record]:
    """The facts without what is personal; what people wrote of the call is left out.

    `words` says what stays of what was spoken.
    """
    for record in records:
        if not isinstance(record.event, CallNoted):
            yield replace(
                record,
                subject=scrub.text(record.subject),
                key=scrub.text(record.key),
                event=_event(record.event, scrub, words),
                refs=tuple(Ref(ref.rule, _mentioned(ref.id, scrub)) for ref in record.refs),
            )


def _mentioned(id_: str, scrub: Scrub) -> str:
    if not ids.is_of_a_dialog(id_):
        return scrub.text(id_)
    scheme, colon, call_id = id_.partition(":")  # a SIP Call-ID looks like an address and is none
    return f"{scheme}{colon}{scrub.text(call_id)}"


def _event(event: Event, scrub: Scrub, words: Callable[[str], str]) -> Event:
    changes = {}
    for field in fields(event):
        name, given = field.name, getattr(event, field.name)
        is_personal = name in event.PERSONAL
        made = _personal(event, name, given, scrub, words) if is_personal else _plain(given, scrub)
        if made != given:
            changes[name] = made
    return replace(event, **changes) if changes else event


def _personal(event: Event, name: str, given: Any, scrub: Scrub, words: Callable[[str], str]) -> Any:
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
    return words(given)


def _plain(given: Any, scrub: Scrub) -> Any:
    if isinstance(given, str):
        return scrub.text(given)
    if isinstance(given, tuple):
        return tuple(_plain(each, scrub) for each in given)
    return given
