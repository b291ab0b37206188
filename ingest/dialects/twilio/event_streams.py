"""Event Streams: a callback, a warning or a summary inside a CloudEvent, read as the fact it carries.

https://www.twilio.com/docs/events/event-types
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import LegChanged, LegSummarised, Unrecognised
from callstore.domain.facts.record import Draft, Ref
from ingest.dialects import json_batch, parse
from ingest.dialects.twilio import callbacks, insights
from ingest.dialects.twilio.voice_request import voice_request

# What POST Calls/{sid} can do to a running leg (twilio.com/docs/voice/api/call-resource, update).
_CHANGES = (("Twiml", "twiml"), ("Url", "redirect"), ("ApplicationSid", "redirect"))


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One element of a batch. `data` arrives as an object or as JSON text; both are an object here."""

    type: str
    id: str
    time: float | None
    data: Mapping[str, Any]
    received_at: float
    raw: bytes

    @property
    def instant(self) -> Instant:
        if self.time is None:
            return Instant(self.received_at, Clock.RECEIVER)
        return Instant(self.time, Clock.PROVIDER)


def read(element: object, received_at: float) -> list[Draft]:
    """The facts of one element; what nobody recognises is kept as such."""
    event = _stream_event(element, received_at)
    for part, reader in _READERS.items():
        if part in event.type and (drafts := reader(event)):
            return drafts
    return [_unrecognised(event)]


def _stream_event(element: object, received_at: float) -> StreamEvent:
    envelope = parse.mapping(element)
    data = envelope.get("data")
    if isinstance(data, str):
        data = json_batch.read(data.encode())  # what is unreadable is no object
    return StreamEvent(
        type=parse.text(envelope.get("type")) or "",
        id=parse.text(envelope.get("id")) or "-",
        time=parse.iso_time(envelope.get("time")),
        data=parse.mapping(data),
        received_at=received_at,
        raw=orjson.dumps(element),
    )


def _request(event: StreamEvent) -> list[Draft]:
    """A request that Twilio made: read from its parameters, so that it is the fact its callback is."""
    request = parse.mapping(event.data.get("request"))
    parameters = parse.mapping(request.get("parameters"))
    if not parameters:
        return []
    made = parse.iso_time(event.data.get("timestamp"))
    return callbacks.drafts(
        voice_request(
            parameters.items(),
            parse.text(request.get("url")) or "",
            event.instant if made is None else Instant(made, Clock.PROVIDER),
            event.received_at,
            event.raw,
        )
    )


def _error(event: StreamEvent) -> list[Draft]:
    data = event.data
    draft = callbacks.warned(
        about=data.get("correlation_sid"),
        otherwise=parse.named("twilio", parse.text(data.get("account_sid")) or "unknown"),
        account=ids.account_sid(data.get("account_sid")),
        level=data.get("level"),
        error_code=data.get("error_code"),
        stamp=data.get("date_created"),
        message=parse.text(data.get("message")),
        received_at=event.received_at,
        raw=event.raw,
    )
    return [draft] if draft else []


def _summary(event: StreamEvent) -> list[Draft]:
    data = event.data
    subject = ids.leg_subject(data.get("call_sid"))
    if subject is None:
        return []
    properties = parse.mapping(data.get("properties"))
    edge = parse.mapping(parse.mapping(data.get("sip_edge")).get("properties"))
    processing = parse.text(data.get("processing_state")) or event.type.rpartition(".")[2]
    parent, sip_call_id = ids.leg_subject(data.get("parent_call_sid")), parse.text(edge.get("sip_call_id"))
    refs = [Ref("ParentCallSid", parent)] if parent else []
    if sip_call_id:
        refs.append(Ref("sip_call_id", parse.named("sip", sip_call_id)))
    return [
        Draft(
            source="twilio",
            subject=subject,
            key=parse.named("summary", processing, parse.integer(data.get("processing_version")) or "-"),
            event=LegSummarised(
                processing=processing,
                disconnected_by=parse.text(properties.get("disconnected_by")),
                parent=parent and ids.id_of(parent),
                duration_s=parse.integer(data.get("duration")),
                connected_s=parse.integer(data.get("connect_duration")),
                sip_code=parse.sip_status(properties.get("last_sip_response_num")),
                started_at=parse.iso_time(data.get("start_time")),
                ended_at=parse.iso_time(data.get("end_time")),
                direction=(parse.text(properties.get("direction")) or "").replace("_", "-") or None,
                edge=parse.text(edge.get("edge_location")),
                region=parse.text(edge.get("media_region")) or parse.text(edge.get("signaling_region")),
                account=ids.account_sid(data.get("account_sid")),
            ),
            refs=tuple(refs),
            occurred=event.instant,
            received_at=event.received_at,
            raw=event.raw,
        )
    ]


def _noted(event: StreamEvent) -> list[Draft]:
    return insights.noted(event.data, event.received_at, event.raw)


def _changed(event: StreamEvent) -> list[Draft]:
    """A request that our own account made to change a running leg; one that changes nothing is none."""
    request = parse.mapping(event.data.get("request"))
    parameters = parse.mapping(request.get("parameters"))
    url = parse.text(request.get("url")) or ""
    subject = ids.leg_subject(parameters.get("CallSid")) or ids.leg_subject_in(url)
    how = next((how for name, how in _CHANGES if parse.text(parameters.get(name))), None)
    if parameters.get("Status") in ("completed", "canceled"):
        how = "end"
    if subject is None or how is None:
        return []
    answer = parse.mapping(event.data.get("response"))
    return [
        Draft(
            source="twilio",
            subject=subject,
            key=parse.named("changed", event.id),
            fingerprint=event.raw if event.id == "-" else None,
            event=LegChanged(
                how=how,  # type: ignore[arg-type]  # mypy widens the table
                http_status=parse.integer(answer.get("responseCode")),
                account=ids.account_sid(parameters.get("AccountSid")) or ids.account_sid_in(url),
            ),
            occurred=event.instant,
            received_at=event.received_at,
            raw=event.raw,
        )
    ]


def _unrecognised(event: StreamEvent) -> Draft:
    data = event.data
    parameters = parse.mapping(parse.mapping(data.get("request")).get("parameters"))
    named = (data.get("call_sid"), data.get("sid"), parameters.get("CallSid"), data.get("correlation_sid"))
    subject = next((found for found in map(ids.leg_subject, named) if found), None)
    return Draft(
        source="twilio",
        subject=subject or "twilio:stream",
        key=parse.named("stream", event.id),
        fingerprint=event.raw if event.id == "-" else None,
        event=Unrecognised(note="no known kind of stream event", hint=event.type or None),
        occurred=event.instant,
        received_at=event.received_at,
        raw=event.raw,
    )


# Matched inside the type, so that the deprecated com.twilio.voice.webhook.* family is read too.
_READERS: dict[str, Callable[[StreamEvent], list[Draft]]] = {
    "voice.insights.call-summary.": _summary,
    "voice.insights.call-event.": _noted,
    "error-logs.error.": _error,
    "api-request.call.modified": _changed,
    "status-callback.call.": _request,
    "status-callback.conference": _request,
    "status-callback.amd.detected": _request,
    "voice.twiml.": _request,
}
