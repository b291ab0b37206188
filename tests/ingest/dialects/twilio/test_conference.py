"""Conference callbacks, answering machines and sessions without SIP headers: what joins them to a call."""

import pytest

from callstore.domain.call.linking import components
from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.events import AnswererFound, ConferenceChanged, FlowAsked, LegStatus
from callstore.domain.facts.record import Ref
from tests.ingest import deliveries as given

CONFERENCE = "CF" + "1a" * 16
STAMP = "Mon, 13 Apr 2026 00:18:52 +0000"


def one(delivery):
    [draft] = given.facts(delivery)
    return draft


def callback(event, number=None, **fields):
    fields = {"ConferenceSid": CONFERENCE, "FriendlyName": "room", "Timestamp": STAMP, **fields}
    if number is not None:
        fields["SequenceNumber"] = str(number)
    return given.form("/hooks/twilio/any", StatusCallbackEvent=event, **fields)


def test_a_participant_that_leaves_is_a_fact_of_its_leg():
    leg, parent = given.sid(), given.sid()
    draft = one(
        callback(
            "participant-leave", 4, CallSid=leg, FriendlyName=parent, ParticipantLabel="customer",
            ParticipantCallStatus="completed", ReasonParticipantLeft="participant_hung_up",
            EndConferenceOnExit="true",
        )
    )  # fmt: skip
    assert (draft.subject, draft.sequence) == (f"twilio:{leg}", 4)
    assert draft.occurred == Instant(unix("2026-04-13T00:18:52Z"), Clock.PROVIDER, 1000)
    assert draft.event == ConferenceChanged(
        conference=CONFERENCE, what="left", reason="participant_hung_up", leg_status="completed",
        ends_on_exit=True, name=parent, label="customer", account=given.ACCOUNT,
    )  # fmt: skip
    assert draft.refs == (
        Ref("ConferenceSid", f"twilio:{CONFERENCE}"),
        Ref("FriendlyName", f"twilio:{parent}"),
    )


def test_the_end_of_a_conference_is_a_fact_of_its_own_and_names_who_brought_it():
    leg = given.sid()
    draft = one(callback("conference-end", 5, CallSidEndingConference=leg, ReasonConferenceEnded="last-left"))
    assert draft.subject == f"twilio:{CONFERENCE}"
    assert (draft.event.what, draft.event.ended_by, draft.event.reason) == (
        "ended", leg, "last-left",
    )  # fmt: skip
    assert draft.is_of_a_call


def test_what_else_happens_in_a_conference_keeps_twilios_word():
    event = one(callback("participant-hold", 3, CallSid=given.sid())).event
    assert (event.what, event.word) == ("changed", "participant-hold")


def test_a_name_that_is_no_sid_joins_nothing_for_tomorrow_it_is_another_conference():
    assert one(callback("participant-join", 2, CallSid=given.sid(), FriendlyName="room")).refs == (
        Ref("ConferenceSid", f"twilio:{CONFERENCE}"),
    )


def test_a_callback_by_event_streams_is_the_fact_that_it_is_by_its_door():
    fields = {"CallSid": given.sid(), "AccountSid": given.ACCOUNT, "ConferenceSid": CONFERENCE}
    fields |= {"StatusCallbackEvent": "participant-join", "SequenceNumber": "2", "Timestamp": STAMP}
    sent = given.form("/hooks/twilio/any", **fields)
    kind = "com.twilio.voice.status-callback.conference-participant.updated"
    streamed = one(given.stream(given.status_event(sent, kind)))
    direct = one(sent)
    assert (direct.subject, direct.key, direct.event) == (streamed.subject, streamed.key, streamed.event)


@pytest.mark.parametrize("name", ["{}", "call-{}"])
def test_legs_that_meet_in_a_conference_are_one_call_by_its_sid_its_name_or_the_invite(name):
    parent, child, other = given.sid(), given.sid(), given.sid()
    by_name = given.webhook(
        call_id="rtc_u1_met",
        headers=[("X-Twilio-CallSid", child), ("X-CONFERENCENAME", name.format(parent))],
    )
    joined = callback("participant-join", 2, CallSid=other)
    end = callback("conference-end", 5, CallSidEndingConference=child)
    drafts = [d for each in (by_name, joined, end) for d in given.facts(each)]
    pairs = [(d.subject, id_) for d in drafts for id_ in (d.subject, *(ref.id for ref in d.refs))]
    [group] = components(pairs)
    assert group == {"openai:rtc_u1_met", f"twilio:{other}", f"twilio:{CONFERENCE}"}
    assert {id_ for _, id_ in pairs} >= {f"twilio:{parent}", f"twilio:{child}"}


def test_an_answering_machine_is_told_by_its_own_callback():
    leg = given.sid()
    draft = one(
        given.form("/amd", CallSid=leg, AnsweredBy="machine_end_beep", MachineDetectionDuration="5400")
    )
    assert draft.subject == f"twilio:{leg}"
    assert draft.event == AnswererFound(answered_by="machine_end_beep", took_ms=5400, account=given.ACCOUNT)


def test_an_answering_machine_that_is_told_beside_a_status_or_a_request_is_one_fact_more():
    leg = given.sid()
    status = given.facts(given.progress(CallSid=leg, AnsweredBy="human"))
    asked = given.facts(given.form("/voice", CallSid=leg, CallStatus="in-progress", AnsweredBy="human"))
    assert [type(d.event) for d in status] == [LegStatus, AnswererFound]
    assert [type(d.event) for d in asked] == [FlowAsked, AnswererFound]
    assert status[1].key == asked[1].key


@pytest.mark.parametrize("type_", ["realtime.frame", "realtime.socket.opened", "app.log"])
def test_an_event_of_a_session_without_sip_headers_is_joined_by_its_leg_and_its_stream(type_):
    leg, stream = given.sid(), given.sid("MZ")
    data = {"call_id": "sess_1", "twilio_call_sid": leg, "stream_sid": stream, "connection_id": "c"}
    data |= {"event": {"type": "session.created", "session": {"id": "sess_1"}}, "seq": 1}
    draft = one(given.cloud(given.event(type_, data)))
    assert draft.subject == "openai:sess_1" and draft.is_of_a_call
    assert set(draft.refs) == {
        Ref("twilio_call_sid", f"twilio:{leg}"),
        Ref("stream_sid", f"twilio:{stream}"),
    }


@pytest.mark.parametrize("value", [7, "", "room", "CA", None, ["x"]])
def test_what_is_no_leg_and_no_stream_joins_nothing(value):
    data = {"call_id": "sess_1", "twilio_call_sid": value, "stream_sid": value}
    assert one(given.cloud(given.event("app.log", data))).refs == ()
