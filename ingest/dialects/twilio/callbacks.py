"""Which kind of voice request this is, told by its parameters and never by its path, and what it says."""

from collections.abc import Callable

import orjson

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import (
    LegStatus,
    ProviderWarned,
    RecordingStatus,
    Unrecognised,
)
from callstore.domain.facts.record import Draft
from callstore.domain.facts.vocabulary import WarningLevel
from ingest.dialects import own_facts, parse
from ingest.dialects.twilio import twiml
from ingest.dialects.twilio.answerer import answerer
from ingest.dialects.twilio.conference import conference, is_conference
from ingest.dialects.twilio.stream import is_stream, stream_status
from ingest.dialects.twilio.transcription import is_transcription, transcription
from ingest.dialects.twilio.voice_request import VoiceRequest, leg_refs

# Twilio's stamps are cut to the whole second (twilio.com/docs/voice/api/call-resource).
SECOND_MS = 1000
LEVELS: dict[str, WarningLevel] = {
    "error": "error",
    "warning": "warning",
    "notice": "notice",
    "debug": "debug",
}


def drafts(request: VoiceRequest) -> list[Draft]:
    """The facts of one voice request; what nobody recognises is kept as such."""
    found = answerer(request)
    for belongs, read in _KINDS:
        if belongs(request) and (draft := read(request)):
            return [draft, *found]
    return found or [unrecognised(request, "no known kind of voice request")]


def is_flow(request: VoiceRequest) -> bool:
    """True for a request that wants TwiML back."""
    return "CallStatus" in request.words and not _is_progress(request) and not _is_recording(request)


def _is_progress(request: VoiceRequest) -> bool:
    """CallbackSource marks them; old captures lack it but have a number or a length no TwiML request has."""
    words = request.words
    marked = words.get("CallbackSource") == "call-progress-events" or "SequenceNumber" in words
    return "CallStatus" in words and (marked or ("CallDuration" in words and "DialCallStatus" not in words))


def _is_recording(request: VoiceRequest) -> bool:
    words = request.words
    return "RecordingSid" in words and "RecordingStatus" in words and "CallStatus" not in words


def _is_warning(request: VoiceRequest) -> bool:
    return "Payload" in request.words and "Level" in request.words


def leg_status(request: VoiceRequest) -> Draft:
    """A leg's progress callback."""
    words = request.words
    sequence = parse.integer(words.get("SequenceNumber"))
    stamped = parse.mail_time(words.get("Timestamp")) or parse.iso_time(words.get("Timestamp"))
    return Draft(
        source="twilio",
        subject=request.subject,
        key=parse.named("status", "-" if sequence is None else sequence, words["CallStatus"]),
        event=LegStatus(
            status=words["CallStatus"],
            direction=words.get("Direction"),
            parent=words.get("ParentCallSid"),
            duration_s=parse.integer(words.get("CallDuration")),
            sip_code=parse.sip_status(words.get("SipResponseCode")),
            error_code=parse.code(words.get("ErrorCode")),
            caller=words.get("From"),
            called=words.get("To"),
            account=request.account_sid,
        ),
        refs=leg_refs(request, "ParentCallSid", "SipCallId"),
        sequence=sequence,
        occurred=Instant(stamped, Clock.PROVIDER, SECOND_MS) if stamped else request.arrived,
        received_at=request.received_at,
        raw=request.raw,
    )


def recording_status(request: VoiceRequest) -> Draft:
    """A recording callback, about the leg that Twilio files the recording under: the parent."""
    words = request.words
    recording = words["RecordingSid"]
    stamped = parse.mail_time(words.get("Timestamp"))
    return Draft(
        source="twilio",
        subject=ids.leg_subject(words.get("CallSid")) or parse.named("twilio", recording),
        key=parse.named("recording", recording, words["RecordingStatus"]),
        event=RecordingStatus(
            recording=recording,
            status=words["RecordingStatus"],
            channels=parse.integer(words.get("RecordingChannels")),
            duration_s=parse.integer(words.get("RecordingDuration")),
            started_at=parse.mail_time(words.get("RecordingStartTime")),
            origin=words.get("RecordingSource"),
            track=words.get("RecordingTrack"),
            url=words.get("RecordingUrl"),
            error_code=parse.code(words.get("ErrorCode")),
            account=request.account_sid,
        ),
        occurred=Instant(stamped, Clock.PROVIDER, SECOND_MS) if stamped else request.arrived,
        received_at=request.received_at,
        raw=request.raw,
    )


def provider_warned(request: VoiceRequest) -> Draft | None:
    """A debugger notification; None where its payload names no code."""
    try:
        payload = parse.mapping(orjson.loads(request.words["Payload"]))
    except orjson.JSONDecodeError:
        return None
    info = payload.get("more_info")
    details = parse.mapping(info)
    message = next((details[name] for name in ("Msg", "msg", "message") if details.get(name)), info)
    return warned(
        about=payload.get("resource_sid"),
        otherwise=request.account,
        account=request.account_sid,
        level=request.words["Level"],
        error_code=payload.get("error_code") or details.get("ErrorCode"),
        stamp=request.words.get("Timestamp"),
        message=parse.text(message),
        received_at=request.received_at,
        raw=request.raw,
    )


def warned(
    *,
    about: object,
    otherwise: str,
    account: str | None,
    level: object,
    error_code: object,
    stamp: object,
    message: str | None,
    received_at: float,
    raw: bytes,
) -> Draft | None:
    """A warning by either channel; each gives it another Sid, so leg, code and second make the key."""
    found = parse.code(error_code)
    if found is None:
        return None
    at = parse.iso_time(stamp)
    second = None if at is None else float(int(at))
    return Draft(
        source="twilio",
        subject=ids.leg_subject(about) or (parse.named("twilio", about) if parse.text(about) else otherwise),
        key=parse.named("warned", found, "-" if second is None else int(second)),
        event=ProviderWarned(
            level=LEVELS.get(str(level).lower(), "warning"),
            code=found,
            message=message,
            account=account,
        ),
        occurred=(
            Instant(received_at, Clock.RECEIVER)
            if second is None
            else Instant(second, Clock.PROVIDER, SECOND_MS)
        ),
        received_at=received_at,
        raw=raw,
    )


def unrecognised(request: VoiceRequest, note: str) -> Draft:
    """A verified request that we do not understand, kept whole on its leg."""
    hints = ("TranscriptionEvent", "StreamEvent", "StatusCallbackEvent", "CallbackSource", "RecordingStatus")
    return Draft(
        source="twilio",
        subject=request.subject,
        key="unrecognised",
        fingerprint=request.fingerprint,
        event=Unrecognised(
            note=note, hint=next((request.words[n] for n in hints if n in request.words), None)
        ),
        refs=leg_refs(request, "ParentCallSid"),
        occurred=request.arrived,
        received_at=request.received_at,
        raw=request.raw,
    )


def _is_smoke_test(request: VoiceRequest) -> bool:
    """Never a request about a leg: no parameter that somebody adds may hide one."""
    return own_facts.SMOKE_TEST in request.words and "CallSid" not in request.words


def _smoke_test(request: VoiceRequest) -> Draft:
    return own_facts.smoke_tested("twilio", request.words[own_facts.SMOKE_TEST], request.received_at)


_KINDS: tuple[tuple[Callable[[VoiceRequest], bool], Callable[[VoiceRequest], Draft | None]], ...] = (
    (_is_smoke_test, _smoke_test),
    (is_transcription, transcription),
    (is_stream, stream_status),
    (is_conference, conference),
    (_is_progress, leg_status),
    (_is_recording, recording_status),
    (_is_warning, provider_warned),
    (is_flow, twiml.question),
)
