"""OpenAI's webhooks as facts. A waiting call is an offer; anything else is kept as it came.

https://platform.openai.com/docs/guides/webhooks
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Literal

import orjson

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import SessionOffered, Unrecognised
from callstore.domain.facts.record import Draft, Ref
from ingest.dialects import parse
from ingest.providers.delivery import Delivery
from ingest.providers.provider import ParsedDelivery

# Type → the API it offers, and the field with its id. The two ids of one INVITE are not the same.
OFFERS: dict[str, tuple[Literal["realtime", "live"], str]] = {
    "realtime.call.incoming": ("realtime", "call_id"),
    "live.transport.incoming": ("live", "session_id"),
    "live.call.incoming": ("live", "session_id"),
}
# Header (in lower case) → the rule's name and the kind of id. OpenAI keeps case and repeats as sent.
LINKS = {
    "x-twilio-callsid": "X-Twilio-CallSid",
    "x-parent-callsid": "X-Parent-CallSid",
    "call-id": "SIP Call-ID",
}
# created_at counts whole seconds.
SECOND_MS = 1000
_URI = re.compile(r"<([^>]*)>")
_SIP_NUMBER = re.compile(r"sips?:(\+?\d+)@")


def read(delivery: Delivery) -> ParsedDelivery:
    """The one fact of a webhook."""
    try:
        body = parse.mapping(orjson.loads(delivery.body))
    except orjson.JSONDecodeError:
        return ParsedDelivery(((_unrecognised(delivery, {}, "no JSON"),),))
    offered = _offered(delivery, body)
    return ParsedDelivery(((offered or _unrecognised(delivery, body, "no known kind of webhook"),),))


def _offered(delivery: Delivery, body: Mapping[str, Any]) -> Draft | None:
    api, field = OFFERS.get(str(body.get("type")), (None, ""))
    data = parse.mapping(body.get("data"))
    session = parse.text(data.get(field))
    if api is None or session is None:
        return None
    headers = _headers(data.get("sip_headers"))
    refs = tuple(ref for name, value in headers for ref in _refs(name, value))
    linked = {ref.rule: ids.id_of(ref.id) for ref in reversed(refs)}
    return Draft(
        source="openai",
        subject=parse.named("openai", session),
        key=_key(delivery, body),
        event=SessionOffered(
            api=api,
            child=linked.get("X-Twilio-CallSid"),
            parent=linked.get("X-Parent-CallSid"),
            sip_call_id=linked.get("SIP Call-ID"),
            headers=tuple(name for name, _ in headers),
            caller=_address(headers, "from"),
            called=_address(headers, "to"),
        ),
        refs=refs,
        occurred=_created(delivery, body),
        received_at=delivery.received_at,
        raw=delivery.body,
    )


def _headers(listed: object) -> list[tuple[str, str]]:
    pairs = [parse.mapping(item) for item in listed] if isinstance(listed, list) else []
    read_pairs = [(parse.text(pair.get("name")), parse.text(pair.get("value"))) for pair in pairs]
    return [(name, value) for name, value in read_pairs if name and value]


def _refs(name: str, value: str) -> list[Ref]:
    rule = LINKS.get(name.lower())
    if rule is None:
        return []
    if rule == "SIP Call-ID":
        return [Ref(rule, parse.named("sip", value))]
    subject = ids.leg_subject(value)
    return [Ref(rule, subject)] if subject else []


def _address(headers: list[tuple[str, str]], which: str) -> str | None:
    """The number of a From or To header as Twilio would write it, else its URI."""
    value = next((value for name, value in headers if name.lower() == which), None)
    if value is None:
        return None
    found = _URI.search(value)
    uri = found.group(1) if found else value
    spoken = _SIP_NUMBER.match(uri)
    return spoken.group(1) if spoken else uri


def _created(delivery: Delivery, body: Mapping[str, Any]) -> Instant:
    created = parse.any_time(body.get("created_at"))
    if created is None:
        return Instant(delivery.received_at, Clock.RECEIVER)
    return Instant(created, Clock.PROVIDER, SECOND_MS)


def _key(delivery: Delivery, body: Mapping[str, Any]) -> str:
    """The webhook's id, the same in every attempt; unverified bodies may have none."""
    identity = delivery.headers.get("webhook-id") or parse.text(body.get("id"))
    return parse.named("webhook", identity or hashlib.sha256(delivery.body).hexdigest())


def _unrecognised(delivery: Delivery, body: Mapping[str, Any], note: str) -> Draft:
    key = _key(delivery, body)
    return Draft(
        source="openai",
        subject=parse.named("openai", key),
        key=key,
        event=Unrecognised(note=note, hint=parse.text(body.get("type"))),
        occurred=_created(delivery, body),
        received_at=delivery.received_at,
        raw=delivery.body,
    )
