"""One delivery of every kind that Twilio sends: callbacks by what tells them, streams by their type."""

import json
from typing import Any

from callstore.domain.facts.vocabulary import STATUSES
from ingest.providers.delivery import Delivery
from tests.ingest import deliveries as given

LEG = {"CallSid": "CA" + "1" * 32, "Direction": "inbound", "From": "+15550100001", "To": "+15550100002"}
STAMP = "Mon, 13 Apr 2026 12:00:00 +0000"
RUNNING = {**LEG, "CallStatus": "in-progress"}
RECORDING = {
    "CallSid": LEG["CallSid"], "RecordingSid": "RE" + "2" * 32, "RecordingChannels": "2",
    "RecordingDuration": "9", "RecordingStartTime": STAMP, "RecordingSource": "DialVerb",
    "RecordingUrl": "https://api.twilio.com/RE",
}  # fmt: skip
WORDS = {
    "CallSid": LEG["CallSid"], "TranscriptionSid": "GT" + "3" * 32, "SequenceId": "4",
    "Track": "inbound_track", "Timestamp": "2026-04-13T12:00:00.412Z",
    "TranscriptionData": json.dumps({"transcript": "hello"}),
}  # fmt: skip
STREAM = {
    "CallSid": LEG["CallSid"], "StreamSid": "MZ" + "4" * 32, "Timestamp": "2026-04-13T12:00:00.000Z",
}  # fmt: skip
MEETING = {
    "CallSid": LEG["CallSid"], "ConferenceSid": "CF" + "5" * 32, "FriendlyName": "room",
    "SequenceNumber": "2", "Timestamp": STAMP,
}  # fmt: skip
PAYLOAD = json.dumps({"resource_sid": LEG["CallSid"], "error_code": "32113", "more_info": {"Msg": "m"}})


def callbacks() -> dict[str, Delivery]:
    """By what tells the kind: a parameter, and its value where that matters."""
    found = {f"CallStatus={status}": given.progress(**LEG, CallStatus=status) for status in STATUSES}
    for status in ("in-progress", "paused", "stopped", "completed", "absent", "failed", "deleted"):
        found[f"RecordingStatus={status}"] = given.form(**RECORDING, RecordingStatus=status)
    for word in ("started", "content", "stopped", "error"):
        kind = f"transcription-{word}"
        found[f"TranscriptionEvent={kind}"] = given.form(**WORDS, TranscriptionEvent=kind)
    for word in ("stream-started", "stream-stopped", "stream-error"):
        found[f"StreamEvent={word}"] = given.form(**STREAM, StreamEvent=word)
    for word in ("conference-start", "conference-end", "participant-join", "participant-leave"):
        found[f"StatusCallbackEvent={word}"] = given.form(**MEETING, StatusCallbackEvent=word)
    found["StatusCallbackEvent=participant-mute"] = given.form(
        **MEETING, StatusCallbackEvent="participant-mute"
    )
    return found | {
        "AnsweredBy": given.form(CallSid=LEG["CallSid"], AnsweredBy="machine_start"),
        "VoiceUrl": given.form(**LEG, CallStatus="ringing"),
        "Digits": given.form(**RUNNING, Digits="1"),
        "SpeechResult": given.form(**RUNNING, SpeechResult="yes", Confidence="0.9"),
        "DialCallStatus": given.form(**RUNNING, DialCallStatus="completed", DialCallSid="CA" + "6" * 32),
        "Payload": given.form(
            Sid="NO" + "7" * 32, Level="WARNING", Timestamp="2026-04-13T12:00:00Z", Payload=PAYLOAD
        ),
        "SiprecEvent": given.form(
            CallSid=LEG["CallSid"], SiprecSid="SR" + "8" * 32, SiprecEvent="siprec-started"
        ),
    }


VOICE = "com.twilio.voice."
OLD = VOICE + "webhook."
CALL = "status-callback.call."
WRAPPED = {
    VOICE + CALL + "initiated": "initiated",
    VOICE + CALL + "ringing": "ringing",
    VOICE + CALL + "answered": "in-progress",
    VOICE + CALL + "completed": "completed",
    OLD + CALL + "initiated": "initiated",
    OLD + CALL + "ringing": "ringing",
    OLD + CALL + "answered": "in-progress",
    OLD + CALL + "completed": "completed",
}


def streams() -> dict[str, dict[str, Any]]:
    """By their type, as reference and index of types name them (twilio.com/docs/events/event-types)."""
    found = {
        kind: _wrapped(kind, given.progress(**LEG, CallStatus=status)) for kind, status in WRAPPED.items()
    }
    calls = callbacks()
    for kind, request in (
        ("status-callback.amd.detected", calls["AnsweredBy"]),
        ("status-callback.conference.updated", calls["StatusCallbackEvent=conference-end"]),
        ("status-callback.conference-participant.updated", calls["StatusCallbackEvent=participant-leave"]),
        (
            "status-callback.announcement.processed",
            given.form(CallSid=LEG["CallSid"], AnnounceUrl="https://x.y"),
        ),
        ("twiml.call.requested", calls["VoiceUrl"]),
        ("twiml.call.redirected", calls["VoiceUrl"]),
        ("twiml.call.transferred", calls["VoiceUrl"]),
        ("twiml.gather.finished", calls["Digits"]),
        ("api-request.call.created", given.form(CallSid=LEG["CallSid"], Url="https://x.y")),
        ("api-request.call.modified", given.form(CallSid=LEG["CallSid"], Status="completed")),
        ("api-request.conference.modified", given.form(ConferenceSid=MEETING["ConferenceSid"])),
    ):
        found[VOICE + kind] = _wrapped(VOICE + kind, request)
    for word in ("partial", "predicted-complete", "complete"):
        found[f"{VOICE}insights.call-summary.{word}"] = _plain(
            f"{VOICE}insights.call-summary.{word}",
            call_sid=LEG["CallSid"], properties={"disconnected_by": "callee"}, duration=9,
        )  # fmt: skip
    for kind in ("call-event.gateway", "call-event.sdk"):
        found[f"{VOICE}insights.{kind}"] = _plain(
            f"{VOICE}insights.{kind}", call_sid=LEG["CallSid"], timestamp="2026-04-13T12:00:00Z",
            name="ice-connected", group="ice-connection-state", level="INFO",
        )  # fmt: skip
    for kind in ("call-metrics.gateway", "call-metrics.sdk"):
        found[f"{VOICE}insights.{kind}"] = _plain(f"{VOICE}insights.{kind}", call_sid=LEG["CallSid"])
    logged = "com.twilio.error-logs.error.logged"
    found[logged] = _plain(
        logged, correlation_sid=LEG["CallSid"], level="WARNING", error_code="32113",
        date_created="2026-04-13T12:00:00Z",
    )  # fmt: skip
    return found


def _wrapped(kind: str, request: Delivery) -> dict[str, Any]:
    return given.status_event(request, kind)


def _plain(kind: str, **data: Any) -> dict[str, Any]:
    return {**given.status_event(given.form(), kind), "data": data}
