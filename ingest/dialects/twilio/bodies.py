"""A body that Twilio sent, as facts: a form, or a batch of Event Streams. Never raises for what was sent."""

from collections.abc import Mapping, Sequence

import orjson

from callstore.domain.facts.clock import Clock, Instant
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
    """The facts of each element of a batch of Event Streams."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ParsedDelivery(((unparsable("twilio", body, received_at, "no JSON"),),))
    elements = found if isinstance(found, list) else [found]
    return ParsedDelivery(tuple(tuple(event_streams.read(element, received_at)) for element in elements))
