"""Facts that are told more often than they happened: a menu's request, and what Twilio's API repeats."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from callstore.domain.facts.events import (
    ConferenceChanged,
    DialFinished,
    DigitsPressed,
    FlowAnswered,
    FlowAsked,
    LegStatus,
    LegSummarised,
    ProviderWarned,
    RecordingStatus,
)
from callstore.domain.facts.record import Record


def without_copies(records: Iterable[Record]) -> list[Record]:
    """The facts in their order, without those that only tell again of what another tells."""
    return _without_repeated_menus(_without_backfilled_copies(list(records)))


def _without_backfilled_copies(records: list[Record]) -> list[Record]:
    """Without what Twilio's API told in its own words of what was delivered as well.

    Most of what the API tells is word for word its callback, and one fact of the log. A Call resource has no
    sequence number and no SIP code, another Sid names a warning, and a request may lack parameters: such a
    fact stands beside its callback in the log, and the poorer one of the two tells nothing.
    """
    if not any(record.backfilled for record in records):
        return records
    told = defaultdict[object, list[Record]](list)
    for record in records:
        if place := _place(record):
            told[place].append(record)
    copies = {id(copy) for alike in told.values() for copy in _copies(alike)}
    return [record for record in records if id(record) not in copies]


def _place(record: Record) -> object:
    """What a fact has in common with its copies; None where the key says it all."""
    match record.event:
        case LegStatus() as event:
            what: tuple[object, ...] = (event.status,)
        case LegSummarised() as event:
            what = (event.processing,)
        case RecordingStatus() as event:
            what = (event.recording, event.status)
        case ProviderWarned() as event:
            what = (event.code,)
        case FlowAsked() as event:
            what = (event.path,)
        case DigitsPressed() as event:
            what = (event.path, event.digits, event.speech)
        case DialFinished() as event:
            what = (event.path, event.child)
        case ConferenceChanged() as event:
            what = (event.conference, event.what)
        case FlowAnswered() as event:
            what = (event.path, event.asked)
        case _:
            return None
    return (type(record.event), record.subject, *what)


def _copies(alike: Sequence[Record]) -> list[Record]:
    """The backfilled ones that tell again; what happens once by its nature has no second telling at all."""
    delivered = [record for record in alike if not record.backfilled]
    asked_for = [record for record in alike if record.backfilled]
    if isinstance(alike[0].event, LegStatus | LegSummarised | RecordingStatus):
        best = max(asked_for, key=lambda r: (r.sequence is not None, -r.occurred.at), default=None)
        return asked_for if delivered else [record for record in asked_for if record is not best]
    copies = []
    for record in delivered[: len(asked_for)]:
        nearest = min(asked_for, key=lambda r: abs(r.occurred.middle - record.occurred.middle))
        asked_for.remove(nearest)
        copies.append(nearest)
    return copies


def _without_repeated_menus(records: list[Record]) -> list[Record]:
    """Without what tells again of a menu's request.

    Twilio names such requests in a header. Its own door sees that one; Event Streams, and an application that
    forwards no headers, tell of the same request without it. And where the application tells what it answered
    at that address, equal requests were not more than its answers: the others were sent anew, under another
    name.
    """
    named = {
        (record.subject, replace(record.event, request=None))
        for record in records
        if isinstance(record.event, DigitsPressed) and record.event.request
    }
    answers = Counter(
        (record.subject, record.event.path)
        for record in records
        if isinstance(record.event, FlowAnswered) and record.event.asked == "gather"
    )
    met: Counter[object] = Counter()
    kept = []
    for record in records:
        event = record.event
        if isinstance(event, DigitsPressed) and not record.backfilled:
            alike = record.subject, replace(event, request=None)
            met[alike] += event.request is not None
            answered = answers[record.subject, event.path]
            if (event.request is None and alike in named) or 0 < answered < met[alike]:
                continue
        kept.append(record)
    return kept
