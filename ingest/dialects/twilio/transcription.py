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
    words = request.words
    kind = words["TranscriptionEvent"]
    event = _words_heard(request) if kind == CONTENT else _words_watched(request)
    if event is None:
        return None
    sequence = parse.integer(words.get("SequenceId"))
    return Draft(
        source="twilio",
        subject=request.subject,
        key=parse.named("words", words["TranscriptionSid"], kind if sequence is None else sequence),
        # Without its number only its content tells one event of a transcription from the next.
        fingerprint=request.fingerprint if sequence is None else None,
        event=event,
        sequence=sequence,
        occurred=_stamped(request),
        received_at=request.received_at,
        raw=request.raw,
    )


def _words_heard(request: VoiceRequest) -> WordsHeard | None:
    words = request.words
    try:
        data = parse.mapping(orjson.loads(words.get("TranscriptionData", "")))
    except orjson.JSONDecodeError:
        return None
    text = parse.text(data.get("transcript"))
    if text is None or "Track" not in words:
        return None
    return WordsHeard(
        transcription=words["TranscriptionSid"],
        track=words["Track"],
        final=parse.truth(words.get("Final")) is not False,
        language=words.get("LanguageCode"),
        confidence=parse.number(data.get("confidence")),
        text=text,
        account=request.account_sid,
    )


def _words_watched(request: VoiceRequest) -> WordsWatched | None:
    words = request.words
    state = STATES.get(words["TranscriptionEvent"])
    if state is None:
        return None
    return WordsWatched(
        transcription=words["TranscriptionSid"],
        state=state,
        track=words.get("Track"),
        language=words.get("LanguageCode"),
        engine=words.get("TranscriptionEngine"),
        # Both pairs of names are met in code that works (reference: Twilio, §8).
        error_code=parse.code(words.get("TranscriptionErrorCode") or words.get("ErrorCode")),
        message=words.get("TranscriptionError") or words.get("ErrorMessage"),
        account=request.account_sid,
    )


def _stamped(request: VoiceRequest) -> Instant:
    stamp = request.words.get("Timestamp")
    at = parse.iso_time(stamp) or parse.mail_time(stamp)
    if at is None:
        return request.arrived
    return Instant(at, Clock.PROVIDER, 1 if "." in str(stamp) else SECOND_MS)
