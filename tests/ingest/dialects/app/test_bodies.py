"""What the voice application forwards."""

import base64
import json

import pytest

from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.events import (
    ApiCalled,
    AppSaid,
    FlowAnswered,
    FrameSent,
    IncidentPublished,
    SocketClosed,
    SocketOpened,
    Unrecognised,
)
from callstore.domain.facts.record import Ref
from ingest.providers.provider import discovered
from tests.ingest import deliveries as given
from tests.ingest.dialects.twilio.test_callbacks import same_fact

AI = "openai:rtc_u1_one"
FOUNDING_TWIML = (
    '<Response><Say>Wait.</Say><Dial record="record-from-answer-dual" timeLimit="600"><Sip>'
    "sip:p@sip.api.openai.com;transport=tls?SipHeader_X-Parent-CallSid=CA1&amp;X-Tenant=7</Sip></Dial></Response>"
)


def one(*events):
    [draft] = given.facts(given.cloud(*events))
    return draft


def exchange(request, response, **attributes):
    params = dict(pair.split("=", 1) for pair in request.body.decode().split("&"))
    data = {"url": given.BASE + request.path, "params": params, "status": 200, "response": response}
    return given.event("twilio.exchange", data, subject=f"twilio:{params.get('CallSid')}", **attributes)


def test_a_frame_is_known_by_its_connection_and_number():
    draft = one(given.frame({"type": "response.created", "response": {"id": "r"}}, seq=7))
    assert (draft.subject, draft.key, draft.sequence) == (AI, "frame:conn_1:7", 7)
    assert draft.occurred == Instant(unix("2026-04-13T12:00:00.250Z"), Clock.APP)


@pytest.mark.parametrize("missing", ["seq", "connection_id"])
def test_a_frame_without_a_number_is_known_by_its_cloudevent(missing):
    event = given.frame({"type": "error", "error": {}}, **{missing: None})
    assert one(event).key == f"ce:/voice-app:{event['id']}"


@pytest.mark.parametrize(
    "received_at", ["2026-04-13T12:00:09.500Z", 1776081609500, 1776081609.5, "1776081609500"]
)
def test_a_frame_is_timed_by_who_held_the_socket(received_at):
    draft = one(given.frame({"type": "error", "error": {}}, received_at=received_at))
    assert draft.occurred == Instant(unix("2026-04-13T12:00:09.500Z"), Clock.APP)


def test_audio_is_not_kept_but_its_length_is():
    draft = one(given.frame({"type": "response.output_audio.delta", "delta": "QUJD" * 100}))
    said = json.loads(draft.raw)["data"]["event"]
    assert said == {"type": "response.output_audio.delta", "delta": None, "audio_bytes": 300}


def test_audio_is_kept_nowhere_whatever_else_is_wrong_with_its_frame():
    said = {"type": "response.output_audio.delta", "delta": "QUJD" * 100}
    packed = base64.b64encode(json.dumps(given.frame(said)["data"]).encode()).decode()
    inside = given.frame(said) | {"data": None, "data_base64": packed}
    homeless = given.frame(said) | {"data": {"event": said}, "subject": None}
    for event in (inside, homeless):
        raw = one(event).raw
        assert b"QUJDQUJD" not in raw and packed.encode() not in raw


def test_what_the_application_sent_is_marked_as_sent():
    draft = one(given.frame({"type": "session.update"}) | {"type": "realtime.sent"})
    assert draft.event == FrameSent(connection="conn_1", kind="session.update")
    assert draft.key == "sent:conn_1:1"


def test_a_socket_that_opened_and_closed():
    data = {"call_id": "rtc_u1_one", "connection_id": "c", "http_status": 101}
    assert one(given.event("realtime.socket.opened", data)).event == SocketOpened(
        connection="c", http_status=101
    )
    data |= {"code": 1011, "reason": "", "rcvd": {"code": 1011, "reason": "oops"}, "sent": None}
    closed = one(given.event("realtime.socket.closed", data | {"rcvd_then_sent": True}))
    assert closed.subject == AI
    assert closed.event == SocketClosed(
        connection="c", code=1011, reason="oops", received=1011, sent=None, received_first=True
    )


@pytest.mark.parametrize(
    ("word", "action"), [("accept", "accept"), ("hangup/", "hangup"), ("dance", "other")]
)
def test_a_call_to_the_api_is_named_by_its_path(word, action):
    data = {"call_id": "rtc_u1_one", "method": "POST", "path": f"/v1/realtime/calls/rtc_u1_one/{word}"}
    assert one(given.event("realtime.api_call", data | {"status": 200})).event == ApiCalled(
        action=action, method="POST", status=200
    )


def test_an_exchange_is_the_fact_its_copy_is_and_the_answer():
    copy = given.form(
        "/hooks/twilio/voice/gather?menu=main", CallSid=given.sid(), CallStatus="in-progress", Digits="1"
    )
    asked, answered = given.facts(given.cloud(exchange(copy, FOUNDING_TWIML)))
    [direct] = given.facts(copy)
    assert same_fact(asked, direct)
    assert (answered.source, answered.subject) == ("app", direct.subject)
    assert answered.event == FlowAnswered(
        path="/hooks/twilio/voice/gather",
        asked="gather",
        http_status=200,
        verbs=("Say", "Dial", "Sip"),
        sip_headers=("SipHeader_X-Parent-CallSid", "X-Tenant"),
        record="record-from-answer-dual",
        time_limit_s=600,
        sip_targets=(("sip.api.openai.com", "transport=tls"),),
        callbacks=(),
    )


def test_an_answer_says_where_it_has_things_told_and_whom_it_dials_but_no_address_and_no_user():
    twiml = """<Response>
      <Start><Transcription statusCallbackUrl="https://c.example/t?call=1#rc=5&amp;rp=all"/></Start>
      <Dial record="true" trim="trim-silence" recordingStatusCallback="https://c.example/r"
            recordingStatusCallbackEvent="completed">
        <Sip statusCallback="https://c.example/s#rc=2" statusCallbackEvent="initiated answered">
          sips:secret-project@SIP-EU.api.openai.com:5061;transport=tls;secure=true?X-A=1</Sip>
        <Sip>sip:x@y</Sip></Dial></Response>"""
    copy = given.form(CallSid=given.sid(), CallStatus="ringing")
    answered = given.facts(given.cloud(exchange(copy, twiml)))[1].event
    assert answered.callbacks == (
        ("Transcription.statusCallbackUrl", "", "rc=5&rp=all"),
        ("Dial.recordingStatusCallback", "completed", ""),
        ("Sip.statusCallback", "initiated answered", "rc=2"),
    )
    assert answered.sip_targets == (
        ("sip-eu.api.openai.com:5061", "transport=tls;secure=true"),
        ("y", ""),
    )
    assert answered.trim == "trim-silence"
    assert "c.example" not in repr(answered) and "secret-project" not in repr(answered)


def test_of_an_answer_that_is_no_twiml_nobody_knows_whom_it_has_told():
    copy = given.form(CallSid=given.sid(), CallStatus="ringing")
    answered = given.facts(given.cloud(exchange(copy, "no XML")))[1].event
    assert answered.callbacks is None and answered.sip_targets == ()


def test_headers_may_be_elements_of_their_own():
    twiml = (
        "<Response><Dial><Sip><Uri>sip:p@x</Uri>"
        '<Headers><Header name="X-A" value="1"/></Headers></Sip></Dial></Response>'
    )
    copy = given.form(CallSid=given.sid(), CallStatus="ringing")
    assert given.facts(given.cloud(exchange(copy, twiml)))[1].event.sip_headers == ("X-A",)


@pytest.mark.parametrize(
    "document",
    ["", "<Response>", "not xml", '<!DOCTYPE x [<!ENTITY a "b">]><Response>&a;</Response>', None, 7],
)
def test_an_answer_that_is_no_xml_tells_only_its_status(document):
    copy = given.form(CallSid=given.sid(), CallStatus="ringing")
    answered = given.facts(given.cloud(exchange(copy, document)))[1].event
    assert (answered.http_status, answered.verbs) == (200, ())


def test_a_forwarded_callback_is_the_callback_and_no_answer():
    callback = given.form(
        CallSid=given.sid(), CallStatus="ringing", SequenceNumber="1", CallbackSource="call-progress-events"
    )
    [forwarded] = given.facts(given.cloud(exchange(callback, "")))
    assert same_fact(forwarded, given.facts(callback)[0])


def test_what_the_application_says_of_itself():
    event = given.event("app.session_finished", {"message": "done", "reason": "caller_done"}, subject=AI)
    assert one(event).event == AppSaid(what="session_finished", reason="caller_done", message="done")


def test_a_reason_in_free_words_is_not_kept_in_the_clear():
    event = given.event("app.exception", {"reason": "call +15550100001 back"}, subject=AI)
    assert one(event).event == AppSaid(what="exception", message="call +15550100001 back")


def test_a_subject_and_a_call_id_that_differ_are_a_link():
    leg = f"twilio:{given.sid()}"
    said = one(given.event("app.log", {"call_id": "rtc_u1_one"}, subject=leg))
    assert (said.subject, said.refs) == (leg, (Ref("data.call_id", AI),))
    framed = one(given.frame({"type": "error", "error": {}}) | {"subject": leg})
    assert (framed.subject, framed.refs) == (AI, (Ref("CloudEvents subject", leg),))


def test_an_incident_is_about_no_call():
    data = {"provider": "openai", "external_id": "x1", "title": "Down", "started_at": "2026-04-13T11:00:00Z"}
    draft = one(given.event("incident.published", data))
    assert draft.event == IncidentPublished(
        provider="openai", external_id="x1", title="Down", started_at=unix("2026-04-13T11:00:00Z")
    )
    assert draft.subject == "incident:openai:x1" and not draft.is_of_a_call


def test_an_unknown_type_stays_on_its_call():
    draft = one(given.event("realtime.dream", {}, subject=AI))
    assert (type(draft.event), draft.event.hint, draft.subject) == (Unrecognised, "realtime.dream", AI)


@pytest.mark.parametrize(
    "data", [None, 7, [], {"event": 7}, {"call_id": "rtc_u1_one"}, {"event": {"type": "x"}}]
)
def test_a_known_type_without_what_makes_it_is_kept_unread(data):
    assert isinstance(one(given.event("realtime.frame") | {"data": data}).event, Unrecognised)


@pytest.mark.parametrize(
    "write",
    [
        lambda events: json.dumps(events),
        lambda events: "\n".join(json.dumps(event) for event in events) + "\n\n",
        lambda events: "\r\n".join(json.dumps(event) for event in events),
    ],
)
def test_a_batch_may_be_an_array_or_lines(write):
    events = [given.event(), given.event()]
    assert [d.key for d in given.facts(given.delivery("app", "/hooks/app/", write(events)))] == [
        f"ce:/voice-app:{event['id']}" for event in events
    ]


def test_what_is_no_cloudevent_is_rejected_by_its_place_and_its_neighbours_are_kept():
    good = given.event()
    batch = [
        good,
        7,
        good | {"id": ""},
        {k: v for k, v in good.items() if k != "source"},
        good | {"specversion": "0.3"},
        good | {"time": "yesterday"},
        good | {"subject": 7},
        good | {"time": None},
    ]
    reading = discovered()["app"].read(given.cloud(*batch))
    assert len(reading.drafts) == 2
    assert [(r.index, r.error) for r in reading.rejected] == [
        (1, "not a JSON object"),
        (2, "id must be a non-empty string"),
        (3, "source must be a non-empty string"),
        (4, "specversion 0.3 is not supported; send 1.0"),
        (5, "time must be ISO 8601, like 2026-04-13T00:18:52.550Z"),
        (6, "subject must be a string"),
    ]


def test_a_broken_line_is_rejected_by_its_place():
    lines = f"{json.dumps(given.event())}\n{{broken\n{json.dumps(given.event())}"
    reading = discovered()["app"].read(given.delivery("app", "/hooks/app/", lines, "application/x-ndjson"))
    assert [(r.index, r.error) for r in reading.rejected] == [(1, "not valid JSON")]
    assert len(reading.drafts) == 2
