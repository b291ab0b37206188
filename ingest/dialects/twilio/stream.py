"""Callbacks of a media stream: it began, ended, or failed and why.

https://www.twilio.com/docs/voice/twiml/stream#statuscallback
"""

import re

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import StreamStatus
from callstore.domain.facts.record import Draft, Ref
from callstore.domain.facts.vocabulary import StreamState
from ingest.dialects import parse
from ingest.dialects.twilio.transcription import SECOND_MS
from ingest.dialects.twilio.voice_request import VoiceRequest

STATES: dict[str, StreamState] = {
    "stream-started": "started",
    "stream-stopped": "stopped",
    "stream-error": "error",
}
# Twilio names an error by its title only; its dictionary has the numbers (twilio.com/docs/api/errors).
TITLES = {"handshake": "31920", "ssl": "31910", "tls": "31910", "close": "31921"}
_NUMBER = re.compile(r"\b319\d\d\b")


def is_stream(request: VoiceRequest) -> bool:
    """True for a callback of a media stream."""
    return "StreamEvent" in request.words and "StreamSid" in request.words


def stream_status(request: VoiceRequest) -> Draft | None:
    """The fact of one callback; None for an event that we do not know."""
    words = request.words
    state = STATES.get(words["StreamEvent"])
    if state is None:
        return None
    stamp = words.get("Timestamp")
    at = parse.iso_time(stamp) or parse.mail_time(stamp)
    return Draft(
        source="twilio",
        subject=request.subject,
        key=parse.named("stream", words["StreamSid"], state),
        event=StreamStatus(
            stream=words["StreamSid"],
            state=state,
            error_code=_error_code(request),
            account=request.account_sid,
        ),
        refs=(Ref("StreamSid", parse.named("twilio", words["StreamSid"])),),
        occurred=(
            request.arrived
            if at is None
            else Instant(at, Clock.PROVIDER, 1 if "." in str(stamp) else SECOND_MS)
        ),
        received_at=request.received_at,
        raw=request.raw,
    )


def _error_code(request: VoiceRequest) -> str | None:
    words = request.words
    told = parse.code(words.get("StreamErrorCode") or words.get("ErrorCode"))
    error = words.get("StreamError", "")
    if told or not error:
        return told
    number = _NUMBER.search(error)
    if number:
        return number.group()
    return next((code for word, code in TITLES.items() if word in error.lower()), None)
