"""OpenAI's webhooks as facts. A waiting call is an offer; anything else is kept as it came.

https://platform.openai.com/docs/guides/webhooks
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import SessionOffered, Unrecognised
from callstore.domain.facts.record import Draft, Ref
from callstore.domain.facts.vocabulary import AiApi
from ingest.dialects import own_facts, parse
from ingest.dialects.agents import agent
from ingest.dialects.twilio.conference import name_refs

# Type → the API it offers, and the field with its id. The two ids of one INVITE are not the same.
OFFERS: dict[str, tuple[AiApi, str]] = {
    "realtime.call.incoming": ("realtime", "call_id"),
    "live.transport.incoming": ("live", "session_id"),
    "live.call.incoming": ("live", "session_id"),
}
# Header (in lower case) → the rule's name and the kind of id. OpenAI keeps case and repeats as sent.
LINKS = {
    "x-twilio-callsid": "X-Twilio-CallSid",
    "x-parent-callsid": "X-Parent-CallSid",
    "x-conferencename": "X-conferenceName",
    "call-id": "SIP Call-ID",
}
# created_at counts whole seconds.
SECOND_MS = 1000
_URI = re.compile(r"<([^>]*)>")
_HOST = re.compile(r"sips?:(?:[^@>;]*@)?([^;:>?\s]+)", re.I)
_SIP_NUMBER = re.compile(r"sips?:(\+?\d+)@")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as it came; `content` is empty where it is no object, `id` the same in every attempt."""

    content: Mapping[str, Any]
    id: str | None
    received_at: float
    raw: bytes

    @property
    def key(self) -> str:
        """By the webhook's id; unverified bodies may have none."""
        identity = self.id or parse.text(self.content.get("id"))
        return parse.named("webhook", identity or hashlib.sha256(self.raw).hexdigest())

    @property
    def created(self) -> Instant:
        created = parse.any_time(self.content.get("created_at"))
        if created is None:
            return Instant(self.received_at, Clock.RECEIVER)
        return Instant(created, Clock.PROVIDER, SECOND_MS)


def draft(body: bytes, webhook_id: str | None, received_at: float) -> Draft:
    """The one fact of a webhook; `webhook_id` is the header of that name."""
    try:
        content = parse.mapping(orjson.loads(body))
    except orjson.JSONDecodeError:
        return _unrecognised(Webhook({}, webhook_id, received_at, body), "no JSON")
    webhook = Webhook(content, webhook_id, received_at, body)
    return _offer(webhook) or _smoke_test(webhook) or _unrecognised(webhook, "no known kind of webhook")


def _offer(webhook: Webhook) -> Draft | None:
    api, field = OFFERS.get(str(webhook.content.get("type")), (None, ""))
    data = parse.mapping(webhook.content.get("data"))
    session = parse.text(data.get(field))
    if api is None or session is None:
        return None
    headers = _headers(data.get("sip_headers"))
    refs = tuple(ref for name, value in headers for ref in _refs(name, value))
    named = agent(dict(headers))
    linked = {ref.rule: ids.id_of(ref.id) for ref in reversed(refs)}
    return Draft(
        source="openai",
        subject=parse.named("openai", session),
        key=webhook.key,
        event=SessionOffered(
            api=api,
            child=linked.get("X-Twilio-CallSid"),
            parent=linked.get("X-Parent-CallSid"),
            sip_call_id=linked.get("SIP Call-ID"),
            headers=tuple(name for name, _ in headers),
            came_from=_host(headers),
            caller=_address(headers, "from"),
            called=_address(headers, "to"),
            agent=named.name,
            agent_version=named.version,
        ),
        refs=refs,
        occurred=webhook.created,
        received_at=webhook.received_at,
        raw=webhook.raw,
    )


def _smoke_test(webhook: Webhook) -> Draft | None:
    run = parse.text(parse.mapping(webhook.content.get("data")).get("run"))
    if webhook.content.get("type") != own_facts.SMOKE_TEST or run is None:
        return None
    return own_facts.smoke_tested("openai", run, webhook.received_at)


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
    if rule == "X-conferenceName":
        return list(name_refs(rule, value))
    subject = ids.leg_subject(value)
    return [Ref(rule, subject)] if subject else []


def _host(headers: list[tuple[str, str]]) -> str | None:
    """Where the INVITE came from, by its From: sip.twilio.com of a leg, pstn.twilio.com of a trunk."""
    value = next((value for name, value in headers if name.lower() == "from"), "")
    found = _HOST.search(value)
    return found.group(1).lower() if found else None


def _address(headers: list[tuple[str, str]], which: str) -> str | None:
    """The number of a From or To header as Twilio would write it, else its URI."""
    value = next((value for name, value in headers if name.lower() == which), None)
    if value is None:
        return None
    found = _URI.search(value)
    uri = found.group(1) if found else value
    spoken = _SIP_NUMBER.match(uri)
    return spoken.group(1) if spoken else uri


def _unrecognised(webhook: Webhook, note: str) -> Draft:
    return Draft(
        source="openai",
        subject=parse.named("openai", webhook.key),
        key=webhook.key,
        event=Unrecognised(note=note, hint=parse.text(webhook.content.get("type"))),
        occurred=webhook.created,
        received_at=webhook.received_at,
        raw=webhook.raw,
    )
