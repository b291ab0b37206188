"""The requests that Twilio made for a leg, as its Call Events list them, with what our application answered.

https://www.twilio.com/docs/voice/api/call-event-resource
"""

from collections.abc import Iterable
from dataclasses import replace

import orjson

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import DigitsPressed
from callstore.domain.facts.record import Draft
from ingest.dialects import parse
from ingest.dialects.twilio import callbacks, twiml
from ingest.dialects.twilio.rest import Resource
from ingest.dialects.twilio.voice_request import VoiceRequest, voice_request

# Names of parameters that are not their words joined (reference: Twilio, §2).
ODD_NAMES = {"msg": "msg"}
SECOND_MS = 1000  # their stamps are cut to it


def exchanges(events: Iterable[Resource], call: Resource, received_at: float) -> list[Draft]:
    """The requests that Twilio made for a leg, each as the fact that its callback is, and what we answered.

    `call` is the leg's own resource, by which a request is completed that came without its parameters.
    """
    drafts: list[Draft] = []
    menus: dict[object, int] = {}
    for event in events:
        request = _request(event, call, received_at)
        if request is None:
            continue
        for draft in callbacks.drafts(request):
            if isinstance(draft.event, DigitsPressed):  # equal requests of one list are not one told twice
                identity = (draft.subject, draft.key, draft.fingerprint)
                menus[identity] = times = menus.get(identity, 0) + 1
                draft = draft if times == 1 else replace(draft, key=parse.named(draft.key, times))
            drafts.append(replace(draft, backfilled=True))
        if callbacks.is_flow(request):
            drafts.append(_answer(event, request))
    return drafts


def _request(event: Resource, call: Resource, received_at: float) -> VoiceRequest | None:
    asked, answered = parse.mapping(event.get("request")), parse.mapping(event.get("response"))
    given = parse.mapping(asked.get("parameters"))
    if not given:
        return None
    parameters = {_name(name): value for name, value in given.items()}
    if "CallStatus" in parameters and "From" not in parameters:
        known = {
            "AccountSid": call.get("account_sid"),
            "Direction": call.get("direction"),
            "From": call.get("from"),
            "To": call.get("to"),
        }
        parameters = {name: value for name, value in known.items() if value is not None} | parameters
    parameters.setdefault("CallSid", call.get("sid"))
    at = parse.mail_time(answered.get("date_created")) or parse.iso_time(answered.get("date_created"))
    arrived = Instant(received_at, Clock.RECEIVER) if at is None else Instant(at, Clock.PROVIDER, SECOND_MS)
    url = parse.text(asked.get("url")) or ""
    return voice_request(parameters.items(), url, arrived, received_at, orjson.dumps(event))


def _answer(event: Resource, request: VoiceRequest) -> Draft:
    answered = parse.mapping(event.get("response"))
    document = answered.get("response_body")
    return Draft(
        source="twilio",
        subject=request.subject,
        key=parse.named("answered", twiml.kind(request), int(request.arrived.at)),
        fingerprint=request.fingerprint,
        event=twiml.answer(
            request,
            parse.integer(answered.get("response_code")),
            document if isinstance(document, str) else "",
        ),
        occurred=request.arrived,
        received_at=request.received_at,
        raw=request.raw,
        backfilled=True,
    )


def _name(name: str) -> str:
    """The parameter's own name: Call Events write `sip_response_code` for `SipResponseCode`."""
    if name != name.lower():
        return name
    return ODD_NAMES.get(name) or "".join(word.capitalize() for word in name.split("_"))
