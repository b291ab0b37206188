"""Twilio's requests as facts, told by their parameters."""

import json

import pytest

from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.events import (
    DialFinished,
    DigitsPressed,
    FlowAsked,
    LegChanged,
    LegStatus,
    LegSummarised,
    ProviderWarned,
    RecordingStatus,
    Unrecognised,
)
from callstore.domain.facts.record import Ref
from tests.ingest import deliveries as given

RECORDED = dict(given.recorded_twilio())
CHILD = "CAb45a3c645e901536b6bbe4b05d04c40d"
PARENT = "CA9ec95993c2ec917dfb6f07127514dd4b"
RECORDING = "RE2b96c3860dd7e209fc8b6e7cfab09699"
FROM, AI = "+81355501234", "sip:proj_Ab12Cd34Ef56Gh78@sip.api.openai.com;transport=tls"


def one(delivery):
    [draft] = given.facts(delivery)
    return draft


def same_fact(a, b):
    return (a.source, a.subject, a.key, a.fingerprint, a.event, a.refs) == (
        b.source,
        b.subject,
        b.key,
        b.fingerprint,
        b.event,
        b.refs,
    )


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_every_recorded_request_is_recognised_and_kept_as_it_came(name):
    draft = one(RECORDED[name])
    assert not isinstance(draft.event, Unrecognised)
    assert draft.subject.startswith("twilio:CA") and draft.source == "twilio"
    assert draft.received_at == RECORDED[name].received_at
    assert draft.raw == RECORDED[name].body or json.loads(RECORDED[name].body) == [json.loads(draft.raw)]


def test_a_child_that_completed():
    draft = one(RECORDED["s1_09_child_completed"])
    assert draft.event == LegStatus(
        status="completed",
        direction="outbound-dial",
        parent=PARENT,
        duration_s=29,
        sip_code=200,
        caller=FROM,
        called=AI,
        account=given.ACCOUNT,
    )
    assert (draft.subject, draft.key, draft.sequence) == (f"twilio:{CHILD}", "status:3:completed", 3)
    assert draft.refs == (Ref("ParentCallSid", f"twilio:{PARENT}"),)
    assert draft.occurred == Instant(unix("2026-04-13T00:18:52Z"), Clock.PROVIDER, 1000)


def test_a_dial_action():
    draft = one(RECORDED["s1_08_dial_action_completed"])
    assert draft.event == DialFinished(
        path="/hooks/twilio/voice/dial-action",
        status="in-progress",
        direction="inbound",
        child=CHILD,
        dial_status="completed",
        duration_s=29,
        bridged=True,
        sip_code=200,
        sip_call_id="9f3c1e72a4b84d0f8a6b2c5d7e9f1032@0.0.0.0",
        caller=FROM,
        called="+815055509876",
        account=given.ACCOUNT,
    )
    assert draft.subject == f"twilio:{PARENT}"
    assert draft.refs == (
        Ref("DialCallSid", f"twilio:{CHILD}"),
        Ref("DialSipCallId", "sip:9f3c1e72a4b84d0f8a6b2c5d7e9f1032@0.0.0.0"),
    )
    assert draft.occurred.clock is Clock.RECEIVER


def test_a_voice_webhook_and_a_gather():
    asked, pressed = one(RECORDED["s1_01_inbound_ringing"]), one(RECORDED["s1_02_gather_digit_1"])
    assert isinstance(asked.event, FlowAsked) and asked.event.status == "ringing"
    assert isinstance(pressed.event, DigitsPressed) and pressed.event.digits == "1"
    assert pressed.event.path == "/hooks/twilio/voice/gather"  # a query may hold anything, so it stays in raw


def test_speech_is_gathered_too_and_a_record_action_is_no_gather():
    said = one(given.form(CallSid=given.sid(), CallStatus="in-progress", SpeechResult="hello"))
    assert said.event.speech == "hello"
    for told in (
        {"RecordingUrl": "u", "Digits": "hangup"},
        {"Digits": "hangup"},
        {"RecordingSid": RECORDING, "Digits": "5"},
    ):
        over = one(given.form(CallSid=given.sid(), CallStatus="completed", **told))
        assert isinstance(over.event, FlowAsked)


def test_a_recording_is_filed_under_the_parent():
    draft = one(RECORDED["s1_11_recording_completed"])
    assert draft.subject == f"twilio:{PARENT}"
    assert draft.key == f"recording:{RECORDING}:completed"
    assert isinstance(draft.event, RecordingStatus)
    assert (draft.event.channels, draft.event.duration_s, draft.event.error_code) == (2, 29, None)
    assert draft.event.started_at == unix("2026-04-13T00:18:23Z")
    assert draft.event.url.endswith(f"/Recordings/{RECORDING}")


def test_a_warning_by_debugger_and_by_stream_is_one_key():
    debugger, stream = (
        one(RECORDED["s1_05_debugger_32113"]),
        one(RECORDED["s1_12_es_error_logged_32113"]),
    )
    assert isinstance(debugger.event, ProviderWarned) and isinstance(stream.event, ProviderWarned)
    assert debugger.event.message == "Specifying this header is not allowed: SipHeader_X-Parent-CallSid"
    assert (
        (debugger.subject, debugger.key)
        == (stream.subject, stream.key)
        == (
            f"twilio:{CHILD}",
            f"warned:32113:{int(unix('2026-04-13T00:18:17Z'))}",
        )
    )
    assert debugger.occurred == stream.occurred


def test_a_status_by_callback_and_by_stream_is_one_fact():
    callback, stream = (
        one(RECORDED["s1_09_child_completed"]),
        one(RECORDED["s1_13_es_status_callback_completed"]),
    )
    assert same_fact(callback, stream) and callback.occurred == stream.occurred


@pytest.mark.parametrize("as_text", [False, True])
def test_a_twiml_request_by_stream_is_the_fact_its_copy_is(as_text):
    asked = given.form("/voice?b=2&a=1", CallSid=given.sid(), CallStatus="ringing", FromCity="")
    event = given.status_event(asked, "com.twilio.voice.twiml.call.requested", as_text)
    assert same_fact(one(asked), one(given.stream(event)))


def test_repeats_in_another_order_and_without_blanks_are_one_fact():
    first = one(RECORDED["s5_03_child_completed"])
    assert same_fact(first, one(RECORDED["s5_04_child_completed_new_token"]))
    assert same_fact(first, one(RECORDED["s5_06_child_completed_params_reordered"]))
    call = given.sid()
    asked = given.form("/v?a=1&b=2", CallSid=call, CallStatus="ringing", FromCity="", CallToken="x")
    again = given.form("/v?b=2&a=1", CallStatus="ringing", CallSid=call, CallToken="y")
    assert same_fact(one(asked), one(again))


def test_the_same_parameters_to_another_url_are_another_fact():
    call = given.sid()
    one_, other = (
        one(given.form(url, CallSid=call, CallStatus="ringing")) for url in ("/v?step=1", "/v?step=2")
    )
    assert one_.fingerprint != other.fingerprint


def test_a_dial_action_without_a_child_is_known_by_its_content():
    draft = one(given.form(CallSid=given.sid(), CallStatus="in-progress", DialCallStatus="failed"))
    assert draft.key == "dial:-" and draft.fingerprint


def test_voice_insights_name_who_hung_up():
    partial, complete = (
        one(RECORDED["s1_14_es_call_summary_partial_data_is_string"]),
        one(RECORDED["s1_15_es_call_summary_complete_data_is_object"]),
    )
    assert isinstance(partial.event, LegSummarised) and partial.event.processing == "partial"
    assert complete.event.disconnected_by == "callee"
    assert (complete.event.duration_s, complete.event.connected_s) == (35, 29)
    assert partial.key != complete.key
    assert complete.occurred == Instant(unix("2026-04-13T00:49:10Z"), Clock.PROVIDER)


@pytest.mark.parametrize(
    ("parameters", "how"),
    [
        ({"Url": "https://example.com/transfer"}, "redirect"),
        ({"Twiml": "<Response><Hangup/></Response>"}, "twiml"),
        ({"Status": "completed"}, "end"),
    ],
)
def test_what_our_account_does_to_a_leg_by_rest_is_a_fact_of_the_leg(parameters, how):
    call = given.sid()
    request = {
        "url": f"https://api.twilio.com/2010-04-01/Accounts/AC1/Calls/{call}.json",
        "parameters": parameters,
    }
    event = {
        "type": "com.twilio.voice.api-request.call.modified",
        "id": "EZ1",
        "data": {"request": request, "response": {"responseCode": 200}},
    }
    draft = one(given.stream(event))
    assert (draft.subject, draft.event) == (f"twilio:{call}", LegChanged(how=how, http_status=200))


def test_a_request_that_changes_nothing_stays_unrecognised():
    request = {"parameters": {"CallSid": given.sid(), "StatusCallback": "https://example.com/"}}
    event = {"type": "com.twilio.voice.api-request.call.modified", "id": "EZ1", "data": {"request": request}}
    assert isinstance(one(given.stream(event)).event, Unrecognised)


def test_an_unknown_stream_event_stays_on_its_leg():
    call = given.sid()
    event = {
        "type": "com.twilio.voice.insights.call-metrics.gateway",
        "id": "EZ1",
        "data": {"call_sid": call},
    }
    draft = one(given.stream(event))
    assert draft.subject == f"twilio:{call}" and draft.event.hint == event["type"]


def test_a_request_of_a_kind_to_come_stays_on_its_leg():
    call = given.sid()
    draft = one(given.form(CallSid=call, TranscriptionEvent="transcription-content"))
    assert isinstance(draft.event, Unrecognised)
    assert (draft.subject, draft.event.hint) == (f"twilio:{call}", "transcription-content")


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("SipResponseCode", "abc", "sip_code"),
        ("SipResponseCode", "99999999999", "sip_code"),
        ("CallDuration", "1e3", "duration_s"),
        ("ErrorCode", "0", "error_code"),
    ],
)
def test_what_is_no_number_is_not_known(name, value, field):
    assert getattr(one(given.progress(**{name: value})).event, field) is None


@pytest.mark.parametrize("stamp", ["", "soon", "Mon, 99 Foo 2026", "Mon, 13 Apr 9999 12:00:00 +0000"])
def test_a_stamp_that_is_none_gives_way_to_the_time_of_arrival(stamp):
    draft = one(given.progress(Timestamp=stamp))
    assert draft.occurred == Instant(draft.received_at, Clock.RECEIVER)


def test_a_broken_element_of_a_batch_does_not_harm_its_neighbours():
    good = given.status_event(given.progress())
    kinds = [type(d.event) for d in given.facts(given.stream(good, 7, {"type": 3, "data": "{"}, good))]
    assert kinds == [LegStatus, Unrecognised, Unrecognised, LegStatus]


def test_no_key_and_no_subject_outgrows_an_index():
    for draft in given.facts(given.progress(CallStatus="x" * 5000)) + given.facts(
        given.stream({"type": "t", "id": "E" * 5000, "data": {}})
    ):
        assert len(draft.key) <= 200 and len(draft.subject) <= 200
