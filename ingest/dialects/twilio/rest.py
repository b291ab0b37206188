"""What Twilio's REST API tells of a call, read as the fact that its callback would have been.

A resource is written as the callback that tells the same, and read by that callback's reader: so one fact has
one key, whichever came first. What the API leaves out is left out of the fact too: a Call resource has no
sequence number, SIP code or error (twilio.com/docs/voice/api/call-resource). Every draft is `backfilled`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import orjson

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant, iso
from callstore.domain.facts.events import Unrecognised
from callstore.domain.facts.record import Draft
from callstore.domain.facts.vocabulary import TERMINAL
from ingest.dialects import parse
from ingest.dialects.twilio import callbacks, event_streams
from ingest.dialects.twilio.voice_request import voice_request

Resource = Mapping[str, Any]  # one record of an answer, its names as Twilio writes them

_LEVELS = {"0": "error", "1": "warning", "2": "notice", "3": "debug"}
_DUAL = 2  # channels: one recording of both tracks


def leg(call: Resource, received_at: float) -> list[Draft]:
    """The statuses that a Call resource knows: that a dialled leg was begun, and how it ended, if it has."""
    if ids.leg_subject(call.get("sid")) is None:
        return []
    told = {
        "AccountSid": call.get("account_sid"),
        "CallSid": call.get("sid"),
        "ParentCallSid": call.get("parent_call_sid"),
        "Direction": call.get("direction"),
        "From": call.get("from"),
        "To": call.get("to"),
        "CallbackSource": "call-progress-events",
    }
    statuses = []
    if call.get("direction") == "outbound-dial" and call.get("date_created"):
        statuses.append({"CallStatus": "initiated", "Timestamp": call["date_created"]})
    if call.get("status") in TERMINAL:
        ended = {"Timestamp": call.get("end_time"), "CallDuration": call.get("duration")}
        statuses.append({"CallStatus": call["status"], **ended})
    return [_callback(told | status, call, received_at) for status in statuses]


def recording(resource: Resource, received_at: float) -> list[Draft]:
    """A recording; one of two channels has both tracks, of another nobody says which."""
    account, sid = resource.get("account_sid"), resource.get("sid")
    channels = resource.get("channels")
    url = resource.get("media_url")  # of a store of the customer's own it may be, which nobody here may open
    if not ids.account_sid_in(str(url)):
        url = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/{sid}"
    told = {
        "AccountSid": account,
        "CallSid": resource.get("call_sid"),
        "RecordingSid": sid,
        "RecordingStatus": resource.get("status"),
        "RecordingUrl": url,
        "RecordingDuration": resource.get("duration"),
        "RecordingChannels": channels,
        "RecordingStartTime": resource.get("start_time"),
        "RecordingSource": resource.get("source"),
        "RecordingTrack": "both" if channels == _DUAL else None,
        "ErrorCode": resource.get("error_code"),
        "Timestamp": resource.get("date_updated"),
    }
    draft = _callback(told, resource, received_at)
    return [] if isinstance(draft.event, Unrecognised) else [draft]


def warning(notification: Resource, received_at: float) -> list[Draft]:
    """A notification of a leg, whose text holds what the debugger tells as JSON."""
    told = dict(parse_qsl(parse.text(notification.get("message_text")) or ""))
    draft = callbacks.warned(
        about=notification.get("call_sid"),
        otherwise=parse.named("twilio", parse.text(notification.get("account_sid")) or "unknown"),
        account=ids.account_sid(notification.get("account_sid")),
        level=_LEVELS.get(str(notification.get("log")), "warning"),
        error_code=notification.get("error_code") or told.get("ErrorCode"),
        stamp=iso(parse.mail_time(notification.get("message_date"))),
        message=parse.text(told.get("Msg") or told.get("msg")),
        received_at=received_at,
        raw=orjson.dumps(notification),
    )
    return [replace(draft, backfilled=True)] if draft else []


def summary(resource: Resource, received_at: float) -> list[Draft]:
    """A summary of Voice Insights: the same object as its stream's, under no event's id."""
    kind = f"com.twilio.voice.insights.call-summary.{resource.get('processing_state') or 'partial'}"
    return _streamed(kind, resource, received_at)


def insight(resource: Resource, received_at: float) -> list[Draft]:
    """An event that Voice Insights noted of a leg's media."""
    where = "sdk" if resource.get("edge") == "sdk_edge" else "gateway"
    return _streamed(f"com.twilio.voice.insights.call-event.{where}", resource, received_at)


def conference(resource: Resource, received_at: float) -> list[Draft]:
    """That a conference began, and why it ended, where it has."""
    told = {
        "AccountSid": resource.get("account_sid"),
        "ConferenceSid": resource.get("sid"),
        "FriendlyName": resource.get("friendly_name"),
    }
    states = [{"StatusCallbackEvent": "conference-start", "Timestamp": resource.get("date_created")}]
    if resource.get("status") == "completed":
        states.append(
            {
                "StatusCallbackEvent": "conference-end",
                "Timestamp": resource.get("date_updated"),
                "ReasonConferenceEnded": resource.get("reason_conference_ended"),
                "CallSidEndingConference": resource.get("call_sid_ending_conference"),
            }
        )
    return _recognised(_callback(told | state, resource, received_at) for state in states)


def participant(resource: Resource, received_at: float) -> list[Draft]:
    """That a leg joined a conference."""
    told = {
        "AccountSid": resource.get("account_sid"),
        "ConferenceSid": resource.get("conference_sid"),
        "CallSid": resource.get("call_sid"),
        "StatusCallbackEvent": "participant-join",
        "Timestamp": resource.get("date_created"),
        "ParticipantLabel": resource.get("label"),
        "Muted": resource.get("muted"),
        "Hold": resource.get("hold"),
        "EndConferenceOnExit": resource.get("end_conference_on_exit"),
        "StartConferenceOnEnter": resource.get("start_conference_on_enter"),
    }
    return _recognised([_callback(told, resource, received_at)])


def sentence(resource: Resource, transcript: Resource, told_of: Resource, received_at: float) -> list[Draft]:
    """A sentence of a transcript that Twilio made of a recording, as its transcription would have told it.

    `told_of` is the recording, whose first channel is the leg that it is filed under.
    """
    began, after = parse.mail_time(told_of.get("start_time")), parse.number(resource.get("end_time"))
    channel = parse.integer(resource.get("media_channel"))
    words = {"transcript": resource.get("transcript"), "confidence": parse.number(resource.get("confidence"))}
    told = {
        "AccountSid": told_of.get("account_sid"),
        "CallSid": told_of.get("call_sid"),
        "TranscriptionSid": transcript.get("sid"),
        "TranscriptionEvent": "transcription-content",
        "SequenceId": resource.get("sentence_index"),
        "LanguageCode": transcript.get("language_code"),
        "Track": "outbound_track" if channel == _DUAL else "inbound_track",
        "Final": "true",
        "TranscriptionData": orjson.dumps(words).decode(),
    }
    draft = _callback(told, resource, received_at)
    if began is None or after is None or isinstance(draft.event, Unrecognised):
        return []
    return [replace(draft, occurred=Instant(began + after, Clock.PROVIDER, 1000))]


def _callback(parameters: Mapping[str, object], resource: Resource, received_at: float) -> Draft:
    """The fact of a callback with these parameters; a value that is None is not sent."""
    pairs = [(name, _written(value)) for name, value in parameters.items() if value is not None]
    arrived = Instant(received_at, Clock.RECEIVER)
    [draft] = callbacks.drafts(voice_request(pairs, "", arrived, received_at, orjson.dumps(resource)))
    return replace(draft, backfilled=True)


def _streamed(kind: str, data: Resource, received_at: float) -> list[Draft]:
    element = {"type": kind, "data": dict(data), "time": data.get("timestamp")}
    return _recognised(replace(draft, backfilled=True) for draft in event_streams.read(element, received_at))


def _recognised(drafts: Iterable[Draft]) -> list[Draft]:
    """Without what no reader knows yet: Twilio keeps it, and it can be asked for again."""
    return [draft for draft in drafts if not isinstance(draft.event, Unrecognised)]


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
