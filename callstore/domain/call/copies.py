"""Facts that are told more often than they happened: a request by two channels, an event by two sockets."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Session
from callstore.domain.facts.events import (
    DigitsPressed,
    FlowAnswered,
    Frame,
    InputTimedOut,
    ReplyFinished,
    SessionErrored,
)
from callstore.domain.facts.record import Record

# Two sockets carry the same event a moment apart, and two clocks may have stamped it.
APART_S = 2.0


def carried_before(session: Session, event: Frame, seen: Observation) -> bool:
    """Whether another socket carried the same event just now, of those that count each time.

    Whether the ids of events are the same on all sockets is not published (openai SDK, realtime types).
    """
    what: tuple[object, ...]
    match event:
        case SessionErrored():
            what = event.TYPE, event.error_type, event.code, event.message
        case InputTimedOut():
            what = event.TYPE, event.item, event.start_ms, event.end_ms
        case ReplyFinished():
            what = event.TYPE, event.response, event.status
        case _:
            return False
    connection, at = session.carried.get(what, (event.connection, 0.0))
    if connection != event.connection and seen.at.at - at <= APART_S:
        return True
    session.carried[what] = event.connection, seen.at.at
    return False


def without_copies(records: Iterable[Record]) -> list[Record]:
    """The facts in their order, without those that only tell again of a menu's request.

    Twilio names such requests in a header. Its own door sees that one; Event Streams, and an application that
    forwards no headers, tell of the same request without it. And where the application tells what it answered
    at that address, equal requests were not more than its answers: the others were sent anew, under another
    name.
    """
    records = list(records)
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
        if isinstance(event, DigitsPressed):
            alike = record.subject, replace(event, request=None)
            met[alike] += event.request is not None
            answered = answers[record.subject, event.path]
            if (event.request is None and alike in named) or 0 < answered < met[alike]:
                continue
        kept.append(record)
    return kept
