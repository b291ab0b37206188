"""A body that Twilio sent, as facts: a form, or a batch of Event Streams. Never raises for what was sent."""

from collections.abc import Mapping, Sequence

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.record import Draft
from ingest.dialects import json_batch
from ingest.dialects.json_batch import Unreadable
from ingest.dialects.parsed import ParsedDelivery, unparsable
from ingest.dialects.twilio import callbacks, event_streams
from ingest.dialects.twilio.voice_request import TOKEN, voice_request


def form(
    fields: Sequence[tuple[str, str]], path: str, headers: Mapping[str, str], received_at: float, body: bytes
) -> ParsedDelivery:
    """The fact of one voice request; `path` is what was asked, with its query."""
    if not fields:
        return ParsedDelivery(((unparsable("twilio", body, received_at, "an empty form"),),))
    arrived = Instant(received_at, Clock.RECEIVER)
    request = voice_request(fields, path, arrived, received_at, body, headers.get(TOKEN))
    return ParsedDelivery((tuple(callbacks.drafts(request)),))


def batch(body: bytes, received_at: float) -> ParsedDelivery:
    """The facts of each element of a batch of Event Streams; one that cannot be read is kept as it came."""
    return ParsedDelivery(tuple(tuple(_read(each, received_at)) for each in json_batch.elements(body)))


def _read(element: object, received_at: float) -> list[Draft]:
    if isinstance(element, Unreadable):
        return [unparsable("twilio", element.raw, received_at, element.error)]
    return event_streams.read(element, received_at)
