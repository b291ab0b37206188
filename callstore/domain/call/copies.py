"""Facts that are told more often than they happened: a menu's request, by another channel or again."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from callstore.domain.facts.events import DigitsPressed, FlowAnswered
from callstore.domain.facts.record import Record


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
