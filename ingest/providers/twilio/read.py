"""Twilio's deliveries as facts: forms here, Event Streams in streams.py. Never raises for what was sent."""

import orjson

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import Unrecognised
from callstore.domain.facts.record import Draft
from ingest.dialects.twilio import callbacks, event_streams
from ingest.dialects.twilio.voice_request import voice_request
from ingest.providers.delivery import Delivery
from ingest.providers.provider import ParsedDelivery


def read(delivery: Delivery) -> ParsedDelivery:
    """The facts of one delivery: one for a form, one for each element of a stream's batch."""
    if not delivery.is_json:
        return ParsedDelivery((tuple(_form(delivery)),))
    try:
        batch = orjson.loads(delivery.body)
    except orjson.JSONDecodeError:
        return ParsedDelivery(((_unparsable(delivery, "no JSON"),),))
    elements = batch if isinstance(batch, list) else [batch]
    return ParsedDelivery(
        tuple(tuple(event_streams.read(element, delivery.received_at)) for element in elements)
    )


def _form(delivery: Delivery) -> list[Draft]:
    if not delivery.form:
        return [_unparsable(delivery, "an empty form")]
    request = voice_request(
        delivery.form,
        delivery.path,
        Instant(delivery.received_at, Clock.RECEIVER),
        delivery.received_at,
        delivery.body,
    )
    return callbacks.drafts(request)


def _unparsable(delivery: Delivery, note: str) -> Draft:
    return Draft(
        source="twilio",
        subject="twilio:unknown",
        key="unparsable",
        fingerprint=delivery.body,
        event=Unrecognised(note=note),
        occurred=Instant(delivery.received_at, Clock.RECEIVER),
        received_at=delivery.received_at,
        raw=delivery.body,
    )
