"""One record of every kind that Twilio's API has of a call, as the facts that it is read as."""

from callstore.domain.facts.record import Draft
from ingest.dialects.twilio import call_events, rest
from tests.ingest.deliveries import ACCOUNT, NOON

LEG, CONFERENCE, STAMP = "CA" + "1" * 32, "CF" + "5" * 32, "Mon, 13 Apr 2026 12:00:00 +0000"
OF_LEG = {"account_sid": ACCOUNT, "call_sid": LEG}
CALL = {
    "sid": LEG, "account_sid": ACCOUNT, "direction": "outbound-dial", "status": "completed", "duration": "9",
    "from": "+15550100001", "to": "sip:x@sip.api.openai.com", "date_created": STAMP, "end_time": STAMP,
}  # fmt: skip
ENDED = {"call_sid": LEG, "call_status": "completed", "callback_source": "call-progress-events"}
ASKED_FOR_TWIML = {"call_sid": LEG, "call_status": "ringing", "direction": "inbound"}
RECORDING = {
    **OF_LEG, "sid": "RE" + "2" * 32, "status": "completed", "channels": 2, "duration": "9",
    "start_time": STAMP, "date_updated": STAMP, "source": "DialVerb",
}  # fmt: skip
SENTENCE = {
    "sentence_index": 1,
    "media_channel": 1,
    "end_time": "4.5",
    "transcript": "Hello.",
    "confidence": "0.9",
}
MEETING = {
    "sid": CONFERENCE, "account_sid": ACCOUNT, "status": "completed", "date_created": STAMP,
    "date_updated": STAMP, "reason_conference_ended": "participant-left",
}  # fmt: skip
NOTED = {
    **OF_LEG,
    "timestamp": "2026-04-13T12:00:00Z",
    "name": "silence-detected",
    "group": "audio",
    "level": "INFO",
}

# Of which methods of our client each kind comes (ingest/backfill/fetch.py).
ASKED = {
    "Call": {"call", "children", "calls_since"},
    "Call Event: request": {"events"},
    "Call Event: response": {"events"},
    "Notification": {"notifications"},
    "Recording": {"recordings"},
    "Transcript: Sentence": {"transcripts", "sentences"},
    "Conference": {"conferences"},
    "Participant": {"participants"},
    "Insights: Summary": {"summary"},
    "Insights: Event": {"insights"},
}


def drafts() -> dict[str, list[Draft]]:
    """By the kind of record."""
    return {
        "Call": rest.leg(CALL, NOON),
        "Call Event: request": call_events.exchanges([_event(ENDED)], CALL, NOON),
        "Call Event: response": call_events.exchanges([_event(ASKED_FOR_TWIML)], CALL, NOON),
        "Notification": rest.warning(
            {**OF_LEG, "log": "1", "error_code": "32113", "message_date": STAMP, "message_text": "Msg=m"},
            NOON,
        ),
        "Recording": rest.recording(RECORDING, NOON),
        "Transcript: Sentence": rest.sentence(SENTENCE, {"sid": "GT" + "3" * 32}, RECORDING, NOON),
        "Conference": rest.conference(MEETING, NOON),
        "Participant": rest.participant(
            {**OF_LEG, "conference_sid": CONFERENCE, "date_created": STAMP}, NOON
        ),
        "Insights: Summary": rest.summary(
            {**OF_LEG, "processing_state": "complete", "properties": {"disconnected_by": "callee"}}, NOON
        ),
        "Insights: Event": rest.insight(NOTED, NOON),
    }


def _event(parameters: dict[str, str]) -> dict[str, object]:
    url = "https://calls.example.com/voice"
    return {
        "request": {"method": "POST", "url": url, "parameters": parameters},
        "response": {"response_code": 200, "response_body": "<Response/>", "date_created": STAMP},
    }
