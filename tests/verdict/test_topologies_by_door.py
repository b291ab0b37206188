"""The same kinds of call as their senders tell them, through the doors' own reading."""

from itertools import count

from callstore.rehearsal.evaluation.evaluate import recorded
from callstore.report.report import report
from tests.ingest import deliveries as given

CONNECT = '<Response><Connect><Stream url="wss://calls.example.com/media"/></Connect></Response>'
HEARD = "input_audio_buffer"
WRITTEN = "conversation.item.input_audio_transcription.completed"
AI = "sip:proj_x@sip.api.openai.com;transport=tls"


def told(*sent):
    drafts = [draft for each in sent for draft in given.facts(each)]
    return report(recorded(draft, position) for position, draft in enumerate(drafts, 1))


def stamp(clock):
    return f"Mon, 13 Apr 2026 {clock} +0000"


def leg(sid, status, clock, number, **fields):
    return given.progress(
        CallSid=sid, CallStatus=status, Timestamp=stamp(clock), SequenceNumber=str(number), **fields
    )


def participant(sid, event, clock, number, name, **fields):
    return given.form(
        "/hooks/twilio/c", ConferenceSid="CF" + "1" * 32, FriendlyName=name, StatusCallbackEvent=event,
        CallSid=sid, SequenceNumber=str(number), Timestamp=stamp(clock), **fields,
    )  # fmt: skip


def exchange(sid, clock, response):
    params = {"CallSid": sid, "CallStatus": "ringing", "Direction": "inbound", "From": "+15550100001"}
    data = {"url": "https://calls.example.com/voice", "params": params, "status": 200, "response": response}
    return given.cloud(given.event("twilio.exchange", data, time=f"2026-04-13T{clock}Z"))


def frames(session, about, *said):
    numbers = count(1)
    return given.cloud(
        *(
            given.event(
                "realtime.frame",
                {"call_id": session, "connection_id": "c", "seq": next(numbers), "event": event, **about},
                time=f"2026-04-13T{clock}Z", subject=f"openai:{session}",
            )
            for clock, event in said
        )
    )  # fmt: skip


def conversation(session, about, last):
    created = {"type": "session.created", "session": {"id": session, "model": "gpt-realtime-2"}}
    return frames(
        session, about,
        ("00:18:23.800", created),
        ("00:18:31.000", {"type": f"{HEARD}.speech_started", "item_id": "i", "audio_start_ms": 7000}),
        ("00:18:33.000", {"type": f"{HEARD}.speech_stopped", "item_id": "i", "audio_end_ms": 9000}),
        (last, {"type": WRITTEN, "item_id": "i", "transcript": "This is Kishi."}),
    )  # fmt: skip


def in_conference(first, then):
    parent, child = given.sid(), given.sid()
    hung_up, along = "participant_hung_up", "moderator_ended_conference"
    invite = [("X-Twilio-CallSid", child), ("X-conferenceName", parent)]
    sids = {"caller": parent, "ai": child}
    return told(
        leg(child, "in-progress", "00:18:23", 2, Direction="outbound-api", To=AI),
        given.webhook(call_id="rtc_u1_c", headers=invite),
        participant(parent, "participant-join", "00:18:20", 1, parent),
        participant(child, "participant-join", "00:18:23", 2, parent),
        conversation("rtc_u1_c", {}, "00:18:51.500"),
        participant(sids[then], "participant-leave", "00:18:52", 5, parent, ReasonParticipantLeft=along),
        participant(sids[first], "participant-leave", "00:18:52", 3, parent, ReasonParticipantLeft=hung_up),
        leg(child, "completed", "00:18:52", 3, Direction="outbound-api", To=AI, CallDuration="29"),
        leg(parent, "completed", "00:18:52", 3, CallDuration="36"),
    )


def test_a_conference_is_judged_by_who_left_it_first():
    caller, ai = in_conference("caller", "ai"), in_conference("ai", "caller")
    assert caller["topology"] == ai["topology"] == "conference"
    assert (caller["verdict"], caller["ended_first_by"]) == ("caller_hung_up", "caller")
    assert ai["verdict"] != "caller_hung_up" and ai["ended_first_by"] != "caller"
    assert not {"orphan", "live"} & {*caller["flags"], *ai["flags"]}


def test_a_session_of_the_applications_own_is_joined_to_its_leg_and_judged_by_its_end():
    parent = given.sid()
    document = told(
        exchange(parent, "00:18:20.000", CONNECT),
        conversation("sess_1", {"twilio_call_sid": parent}, "00:18:51.000"),
        leg(parent, "completed", "00:18:52", 3, CallDuration="32"),
    )
    assert (document["topology"], document["ai_call_id"], document["child_call_sid"]) == (
        "media_streams", "sess_1", None,
    )  # fmt: skip
    assert (document["verdict"], document["verdict_confidence"]) == ("caller_hung_up", "medium")
    assert document["ai_model"] == "gpt-realtime-2"


def test_a_trunk_says_plainly_what_it_lacks():
    close = {"call_id": "rtc_u1_t", "connection_id": "c", "code": 1000, "rcvd": {"code": 1000}}
    document = told(
        given.webhook(
            call_id="rtc_u1_t",
            headers=[
                ("From", '"+15550100001" <sip:+15550100001@pstn.twilio.com:5060>;tag=1'),
                ("X-Twilio-CallSid", given.sid()),
                ("Diversion", "<sip:+15550100002@twilio.com>"),
            ],
        ),
        conversation("rtc_u1_t", {}, "00:18:51.000"),
        given.cloud(given.event("realtime.socket.closed", close, time="2026-04-13T00:18:52.000Z")),
    )
    assert (document["topology"], document["verdict"]) == ("elastic_trunk", "inconclusive")
    assert any("Elastic SIP trunk" in line for line in document["evidence_missing"])
    assert "orphan" not in document["flags"]


def test_an_answering_machine_is_shown_with_the_leg_that_it_picked_up():
    parent = given.sid()
    amd = given.form("/amd", CallSid=parent, AnsweredBy="machine_start", MachineDetectionDuration="3000")
    [shown] = told(leg(parent, "completed", "00:18:52", 3, Direction="outbound-api"), amd)["legs"]
    assert shown["answered_by"] == "machine_start"
