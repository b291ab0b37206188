"""Facts that another channel tells again and cannot name: the same request, told without its id."""

from collections.abc import Iterable
from dataclasses import replace

from callstore.domain.facts.events import DigitsPressed
from callstore.domain.facts.record import Record


def without_copies(records: Iterable[Record]) -> list[Record]:
    """The facts in their order, without those that only tell again what is told with its request's id.

    Twilio names the requests of a menu in a header. Its own door sees that one; Event Streams, and an
    application that forwards no headers, tell of the same request without it.
    """
    records = list(records)
    named = {
        (record.subject, replace(record.event, request=None))
        for record in records
        if isinstance(record.event, DigitsPressed) and record.event.request
    }
    return [
        record
        for record in records
        if not (isinstance(record.event, DigitsPressed) and (record.subject, record.event) in named)
    ]
