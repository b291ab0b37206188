"""Why a lane is empty. Absence is said with its reason, never left to be guessed."""

from callstore.domain.facts.vocabulary import TERMINAL, SourceState
from callstore.report.document import Report
from dashboard.call.lanes import heard
from dashboard.call.lanes.sound import of_session
from dashboard.call.lanes.turn_taking import nothing

RECORDING: dict[SourceState, str] = {
    "pending": "Recording pending: Twilio has not delivered it, or it is being analysed",
    "off": "Recording is off: <Dial> was answered without record",
    "failed": "The recording could not be fetched",
    "expired": "The recording was deleted at Twilio",
    "never_expected": "No recording was expected: nothing says that the call is recorded",
    "present": "Nobody is heard on this channel",
}
TRANSCRIPT: dict[SourceState, str] = {
    "off": "Transcription is off in this session",
    "failed": "Every transcription failed",
    "pending": "No transcript yet",
    "never_expected": "No turn of the caller was heard",
    "expired": "No turn of the caller was heard",
    "present": "No turn of the caller was heard",
}
UNOBSERVED = "No AI event came: nobody observed the session, or its frames are not forwarded"
AI_EVENTS: dict[SourceState, str] = {
    "off": UNOBSERVED,
    "failed": UNOBSERVED,
    "expired": UNOBSERVED,
    "never_expected": "No AI session was expected: no leg to an AI is known",
    "pending": "No AI event yet",
    "present": "Nothing was said",
}
TWILIO: dict[SourceState, str] = {
    "off": "Twilio's transcription is off: no <Transcription> callback came",
    "failed": "Twilio's transcription failed",
    "pending": "Twilio's transcription runs, no words yet",
    "never_expected": "Twilio's transcription heard no word",
    "expired": "Twilio's transcription heard no word",
    "present": "Twilio's transcription heard no word",
}
NOT_ANSWERED = {
    RECORDING["never_expected"]: "No recording was expected: the AI leg was not answered",
    AI_EVENTS["never_expected"]: "No AI session was expected: the AI leg was not answered",
}
PLAIN = {
    "signals": "No warning, error or log line",
    "parent": "No event of the caller's leg was seen",
    "ivr": "No TwiML request was seen",
    "child": "This call has no child leg",
}


def reason(lane: str, document: Report) -> str:
    """Why nothing is on this lane."""
    text = _reason(lane, document)
    child = document.get("child_status")
    refused = child in TERMINAL - {"completed"} and not document.get("child_answered_at")
    return NOT_ANSWERED.get(text, text) if refused else text


def _reason(lane: str, document: Report) -> str:
    sources = document.get("sources") or {}
    ai: SourceState = sources.get("ai_events") or "off"
    if lane in PLAIN:
        return PLAIN[lane]
    if lane == "twilio_text":
        return TWILIO.get(sources.get("twilio_transcript") or "off", TWILIO["present"])
    if lane == "turn_taking":
        return nothing(document)
    if lane in ("agent_audio", "caller_audio"):
        return _recording(lane, document)
    if lane == "heard_by_ai" and ai == "present":
        return heard.nothing(document)
    if lane == "caller_text" and ai == "present":
        return TRANSCRIPT.get(document.get("transcript_state") or "present", TRANSCRIPT["present"])
    return AI_EVENTS.get(ai, UNOBSERVED)


def _recording(lane: str, document: Report) -> str:
    known = [r for r in document.get("recordings") or () if not of_session(r)]
    heard = [r for r in known if r["state"] == "present"]
    if lane == "agent_audio" and heard and all((r["channels"] or 1) < 2 for r in heard):
        return "One channel only: both speakers are on the caller's lane"
    failure = next((r["failure"] for r in known if r["failure"]), None)
    text = RECORDING.get(document.get("recording_state") or "never_expected", RECORDING["never_expected"])
    return f"{text}: {failure}" if failure and not heard else text
