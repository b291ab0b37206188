"""A TwiML exchange: what Twilio asked the application, and what the application answered."""

from callstore.domain.facts import ids
from callstore.domain.facts.record import Draft
from ingest.dialects import parse
from ingest.dialects.app.cloudevent import CloudEvent
from ingest.dialects.twilio import callbacks, twiml
from ingest.dialects.twilio.voice_request import TOKEN, VoiceRequest, voice_request


def exchange(event: CloudEvent) -> list[Draft]:
    """The request, as the very fact that a direct copy of it is, and the answer."""
    request = _request(event)
    if not request.words:
        return []
    drafts = callbacks.drafts(request)
    if callbacks.is_flow(request):
        drafts.append(_answer(event, request))
    return drafts


def _request(event: CloudEvent) -> VoiceRequest:
    params = dict(parse.mapping(event.data.get("params")))
    if params and not params.get("CallSid") and event.call:
        params["CallSid"] = ids.id_of(event.call)
    pairs = [
        (name, value)
        for name, values in params.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    url = parse.text(event.data.get("url")) or ""
    headers = parse.mapping(event.data.get("headers"))
    token = next((value for name, value in headers.items() if name.lower() == TOKEN), None)
    return voice_request(pairs, url, event.instant, event.received_at, event.raw, token)


def _answer(event: CloudEvent, request: VoiceRequest) -> Draft:
    status = parse.integer(event.data.get("status"))
    document = event.data.get("response")
    return Draft(
        source="app",
        subject=request.subject,
        key=event.key,
        event=twiml.answer(request, status, document if isinstance(document, str) else ""),
        occurred=event.instant,
        received_at=event.received_at,
        raw=event.raw,
    )
