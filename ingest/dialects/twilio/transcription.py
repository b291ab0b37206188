"""Twilio's real-time transcription callbacks: a second ear on the call that survives the AI's session.

https://www.twilio.com/docs/voice/twiml/transcription
"""

from typing import Literal

import orjson

from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import WordsHeard, WordsWatched
from callstore.domain.facts.record import Draft
from ingest.dialects import parse
from ingest.dialects.twilio.voice_request import VoiceRequest

STATES: dict[str, Literal["started", "stopped", "failed"]] = {
    "transcription-started": "started",
    "transcription-stopped": "stopped",
    "transcription-error": "failed",
}
CONTENT = "transcription-content"
# A stamp without a fraction is cut to the whole second, as all of Twilio's are.
SECOND_MS = 1000


def is_transcription(request: VoiceRequest) -> bool:
    """True for a callback of a real-time transcription."""
    return "TranscriptionEvent" in request.words and "TranscriptionSid" in request.words


def transcription(request: VoiceRequest) -> Draft | None:
    """The fact of one callback; None for an event that we do not know."""
    told = request.words
    said = told["TranscriptionEvent"]
    event = _heard(request) if said == CONTENT else _watched(request)
    if event is None:
        return None
    sequence = parse.integer(told.get("SequenceId"))
    return Draft(
        source="twilio",
        subject=request.subject,
        key=parse.named("words", told["TranscriptionSid"], said if sequence is None else sequence),
        # Without its number only its content tells one event of a transcription from the next.
        fingerprint=request.fingerprint if sequence is None else None,
        event=event,
        sequence=sequence,
        occurred=_stamped(request),
        received_at=request.received_at,
        raw=request.raw,
    )


def _heard(request: VoiceRequest) -> WordsHeard | None:
    told = request.words
    try:
        data = parse.mapping(orjson.loads(told.get("TranscriptionData", "")))
    except orjson.JSONDecodeError:
        return None
    text = parse.text(data.get("transcript"))
    if text is None or "Track" not in told:
        return None
    return WordsHeard(
        transcription=told["TranscriptionSid"],
        track=told["Track"],
        final=parse.truth(told.get("Final")) is not False,
        language=told.get("LanguageCode"),
        confidence=parse.number(data.get("confidence")),
        text=text,
    )


def _watched(request: VoiceRequest) -> WordsWatched | None:
    told = request.words
    state = STATES.get(told["TranscriptionEvent"])
    if state is None:
        return None
    return WordsWatched(
        transcription=told["TranscriptionSid"],
        state=state,
        track=told.get("Track"),
        language=told.get("LanguageCode"),
        engine=told.get("TranscriptionEngine"),
        # Both pairs of names are met in code that works (reference: Twilio, §8).
        error_code=parse.code(told.get("TranscriptionErrorCode") or told.get("ErrorCode")),
        message=told.get("TranscriptionError") or told.get("ErrorMessage"),
    )


def _stamped(request: VoiceRequest) -> Instant:
    stamp = request.words.get("Timestamp")
    at = parse.iso_time(stamp) or parse.mail_time(stamp)
    if at is None:
        return request.arrived
    return Instant(at, Clock.PROVIDER, 1 if "." in str(stamp) else SECOND_MS)
