"""What Twilio's API writes is read as the callback that tells the same."""

import json

import pytest

from callstore.domain.call.fold import fold
from callstore.domain.facts.events import (
    ConferenceChanged,
    DigitsPressed,
    FlowAnswered,
    LegStatus,
    LegSummarised,
    ProviderWarned,
    RecordingStatus,
    WordsHeard,
)
from callstore.domain.facts.record import Record
from ingest.dialects.twilio import call_events, rest
from ingest.providers.provider import normalise
from tests.ingest import deliveries as given
from tests.ingest.deliveries import ACCOUNT, NOON, progress
from tests.ingest.twilio_api import snake

LEG, PARENT, CONFERENCE = "CA" + "1" * 32, "CA" + "2" * 32, "CF" + "3" * 32
DAY = "Mon, 13 Apr 2026 "
CALL = {
    "sid": LEG, "parent_call_sid": PARENT, "account_sid": ACCOUNT, "direction": "outbound-dial",
    "from": "+15550100001", "to": "sip:x@sip.api.openai.com", "status": "completed", "duration": "29",
    "date_created": DAY + "12:00:00 +0000", "end_time": DAY + "12:00:40 +0000",
}  # fmt: skip


def identity(draft):
    return draft.source, draft.subject, draft.key, draft.fingerprint, draft.event, draft.refs, draft.sequence


def event(at="12:00:40", url="https://calls.example.com/hooks/twilio/status", answer="", **parameters):
    return {
        "request": {"method": "POST", "url": url, "parameters": {snake(n): v for n, v in parameters.items()}},
        "response": {"response_code": 200, "response_body": answer, "date_created": f"{DAY}{at} +0000"},
    }


ENDED = {
    "CallSid": LEG, "ParentCallSid": PARENT, "CallStatus": "completed", "SequenceNumber": "3",
    "CallDuration": "29", "SipResponseCode": "200", "Direction": "outbound-dial", "AccountSid": ACCOUNT,
    "From": "+15550100001", "To": "sip:x@sip.api.openai.com", "CallbackSource": "call-progress-events",
    "Timestamp": DAY + "12:00:40 +0000", "FromCity": "", "ErrorCode": "13224",
}  # fmt: skip


def test_a_call_event_is_the_very_fact_of_its_callback():
    [brought] = call_events.exchanges([event(**ENDED)], CALL, NOON)
    [delivered] = normalise(progress(**ENDED))
    assert identity(brought) == identity(delivered)
    assert brought.occurred == delivered.occurred and brought.backfilled and not delivered.backfilled


def test_parameters_that_were_not_listed_are_taken_from_the_leg():
    """As the documentation's own example has them, without anybody's number."""
    few = {n: v for n, v in ENDED.items() if n not in ("From", "To", "Direction", "AccountSid", "FromCity")}
    [brought] = call_events.exchanges([event(**few)], CALL, NOON)
    [delivered] = normalise(progress(**ENDED))
    assert identity(brought) == identity(delivered)


def test_a_resource_tells_the_end_without_number_and_sip_code():
    begun, ended = rest.leg(CALL, NOON)
    assert (begun.event.status, ended.event.status, ended.event.duration_s) == ("initiated", "completed", 29)
    assert (ended.key, ended.sequence, ended.event.sip_code) == ("status:-:completed", None, None)
    assert ended.event.parent == PARENT and {ref.id for ref in ended.refs} == {f"twilio:{PARENT}"}
    assert ended.occurred.at == NOON + 40 and ended.backfilled


def test_a_resource_of_a_leg_that_goes_on_tells_no_end():
    assert [d.event.status for d in rest.leg(CALL | {"status": "in-progress"}, NOON)] == ["initiated"]
    assert rest.leg(CALL | {"status": "in-progress", "direction": "inbound"}, NOON) == []


@pytest.mark.parametrize("first", ["resource", "callback"])
def test_resource_and_callback_of_one_end_fold_as_the_callback_alone(first):
    callback = normalise(progress(**ENDED))
    both = (
        rest.leg(CALL, NOON + 60) + callback if first == "resource" else callback + rest.leg(CALL, NOON + 60)
    )
    alone, together = fold(records(callback)), fold(records(both))
    leg, whole = alone.legs[LEG], together.legs[LEG]
    assert (leg.status, leg.sip_code, leg.sequences) == (whole.status, whole.sip_code, whole.sequences)
    assert whole.ended.at == leg.ended.at and together.anomalies == []
    assert together.latest_arrival_s == alone.latest_arrival_s


def records(drafts):
    return [
        Record(
            position=n, source=d.source, subject=d.subject, key=f"{d.key}:{d.fingerprint}", event=d.event,
            occurred=d.occurred, received_at=d.received_at, sequence=d.sequence, backfilled=d.backfilled,
        )
        for n, d in enumerate(drafts, 1)
    ]  # fmt: skip


PRESSED = {"CallSid": LEG, "AccountSid": ACCOUNT, "CallStatus": "in-progress", "From": "+15550100001",
           "Direction": "inbound", "Digits": "1", "msg": "Gather End", "FinishedOnKey": ""}  # fmt: skip
MENU = "https://calls.example.com/hooks/twilio/menu?step=1"


def pressed(token, at):
    form = given.form(path="/hooks/twilio/menu?step=1", **PRESSED)
    form.headers["i-twilio-idempotency-token"] = token
    [draft] = normalise(form)
    return draft


def digits(drafts):
    return [ask.digits for ask in fold(records(drafts)).asks]


def test_a_menu_that_was_heard_twice_is_two_facts_and_a_lost_one_comes_back():
    listed = [event("12:00:10", MENU, **PRESSED), event("12:00:20", MENU, **PRESSED)]
    brought = [d for d in call_events.exchanges(listed, CALL, NOON) if isinstance(d.event, DigitsPressed)]
    assert len({identity(d)[:4] for d in brought}) == 2
    once, twice = [pressed("one", 10)], [pressed("one", 10), pressed("two", 20)]
    assert digits(brought) == digits(once + brought) == digits(twice + brought) == ["1", "1"]


def test_what_we_answered_is_read_beside_the_question():
    twiml = '<Response><Dial record="record-from-answer-dual"><Sip>sip:x?X-A=1</Sip></Dial></Response>'
    drafts = call_events.exchanges([event("12:00:10", MENU, twiml, **PRESSED)], CALL, NOON)
    answered = drafts[-1]
    assert isinstance(answered.event, FlowAnswered) and answered.event.verbs == ("Dial", "Sip")
    assert (answered.source, answered.event.http_status, answered.event.path) == (
        "twilio",
        200,
        "/hooks/twilio/menu",
    )


def test_a_progress_callback_has_no_answer_worth_a_fact():
    drafts = call_events.exchanges([event(**ENDED)], CALL, NOON)
    assert [d.event.TYPE for d in drafts] == ["leg.status"]


def test_a_recording_is_its_callbacks_fact():
    sid = "RE" + "4" * 32
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{sid}"
    resource = {
        "sid": sid, "call_sid": PARENT, "account_sid": ACCOUNT, "status": "completed", "channels": 2,
        "duration": "29", "start_time": DAY + "12:00:11 +0000", "source": "DialVerb", "error_code": None,
        "media_url": url, "date_updated": DAY + "12:00:44 +0000",
    }  # fmt: skip
    callback = given.form(
        CallSid=PARENT, RecordingSid=sid, RecordingStatus="completed", RecordingChannels="2",
        RecordingUrl=url,
        RecordingDuration="29", RecordingStartTime=DAY + "12:00:11 +0000", RecordingSource="DialVerb",
        RecordingTrack="both", ErrorCode="0",
    )  # fmt: skip
    [brought], [delivered] = rest.recording(resource, NOON), normalise(callback)
    assert isinstance(brought.event, RecordingStatus) and identity(brought) == identity(delivered)
    elsewhere = resource | {"media_url": "https://bucket.s3.amazonaws.com/x", "channels": 1}
    [draft] = rest.recording(elsewhere, NOON)
    assert (draft.event.url, draft.event.track) == (url, None)


def test_a_notification_is_the_debuggers_warning():
    payload = {"resource_sid": LEG, "error_code": "32113", "more_info": {"Msg": "Not allowed: SipHeader_X-A"}}
    callback = given.form(
        Sid="NO1", Level="WARNING", Timestamp="2026-04-13T12:00:03Z", PayloadType="application/json",
        Payload=json.dumps(payload),
    )  # fmt: skip
    text = "ErrorCode=32113&LogLevel=WARN&Msg=Not+allowed%3A+SipHeader_X-A"
    notification = {"sid": "NO2", "account_sid": ACCOUNT, "call_sid": LEG, "log": "1", "error_code": "32113",
                    "message_text": text, "message_date": DAY + "12:00:03 +0000"}  # fmt: skip
    [brought], [delivered] = rest.warning(notification, NOON), normalise(callback)
    assert isinstance(brought.event, ProviderWarned) and identity(brought) == identity(delivered)
    [later] = rest.warning(notification | {"message_date": DAY + "12:00:04 +0000"}, NOON)
    assert len(fold(records([delivered, later])).warnings) == 1


def test_a_summary_is_its_streams_fact():
    data = {"call_sid": LEG, "account_sid": ACCOUNT, "processing_state": "complete", "duration": 40,
            "connect_duration": 29, "properties": {"disconnected_by": "callee", "last_sip_response_num": 200},
            "start_time": "2026-04-13T12:00:00+00:00", "end_time": "2026-04-13T12:00:40+00:00"}  # fmt: skip
    [draft] = rest.summary(data, NOON)
    assert isinstance(draft.event, LegSummarised)
    assert (draft.event.disconnected_by, draft.event.sip_code, draft.key) == (
        "callee",
        200,
        "summary:complete:-",
    )
    assert fold(records([draft])).legs[LEG].sip_code == 200


def test_a_conference_tells_why_it_ended_and_who_was_there():
    resource = {"sid": CONFERENCE, "account_sid": ACCOUNT, "friendly_name": PARENT, "status": "completed",
                "date_created": DAY + "12:00:00 +0000", "date_updated": DAY + "12:00:40 +0000",
                "reason_conference_ended": "participant-left", "call_sid_ending_conference": LEG}  # fmt: skip
    started, ended = rest.conference(resource, NOON)
    assert (started.event.what, ended.event.what, ended.event.ended_by) == ("started", "ended", LEG)
    member = {"conference_sid": CONFERENCE, "call_sid": LEG, "account_sid": ACCOUNT, "label": "agent",
              "date_created": DAY + "12:00:02 +0000", "end_conference_on_exit": True}  # fmt: skip
    [joined] = rest.participant(member, NOON)
    assert isinstance(joined.event, ConferenceChanged) and joined.subject == f"twilio:{LEG}"
    call = fold(records([started, joined, ended, *normalise(callback_of("conference-end"))]))
    assert call.conferences[CONFERENCE].ended_by == LEG
    assert call.conferences[CONFERENCE].participants[LEG].ends_on_exit is True


def callback_of(kind):
    return given.form(
        ConferenceSid=CONFERENCE, StatusCallbackEvent=kind, SequenceNumber="7", FriendlyName=PARENT,
        Timestamp=DAY + "12:00:40 +0000", CallSidEndingConference=LEG,
    )  # fmt: skip


def test_a_sentence_of_a_transcript_is_words_at_their_place_in_the_recording():
    recording = {
        "sid": "RE1",
        "call_sid": PARENT,
        "account_sid": ACCOUNT,
        "start_time": DAY + "12:00:10 +0000",
    }
    transcript = {"sid": "GT" + "5" * 32, "language_code": "ja-JP"}
    sentence = {"sentence_index": 2, "media_channel": 1, "start_time": "3.1", "end_time": "4.5",
                "transcript": "Moshi moshi.", "confidence": "0.91"}  # fmt: skip
    [draft] = rest.sentence(sentence, transcript, recording, NOON)
    assert isinstance(draft.event, WordsHeard) and draft.event.final
    assert (draft.event.text, draft.event.track, draft.occurred.at) == (
        "Moshi moshi.",
        "inbound_track",
        NOON + 14.5,
    )
    assert {"text"} == draft.event.PERSONAL


JUNK = [{}, {"sid": 7}, {"request": 7, "response": []}, {"request": {"parameters": {"call_status": None}}},
        {"status": "completed", "end_time": "yesterday", "duration": "soon"}]  # fmt: skip


@pytest.mark.parametrize("resource", JUNK)
def test_nothing_that_twilio_might_write_raises(resource):
    for read in (rest.leg, rest.recording, rest.warning, rest.summary, rest.insight, rest.conference,
                 rest.participant):  # fmt: skip
        read(resource, NOON)
    rest.sentence(resource, resource, resource, NOON)
    found = call_events.exchanges([resource], resource, NOON)
    assert not any(isinstance(d.event, LegStatus) for d in found)
