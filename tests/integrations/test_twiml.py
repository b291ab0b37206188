"""TwiML with every callback, built by twilio's package: each address is called, and its fact is kept."""

import pytest

from tests.ingest import deliveries as given
from tests.integrations import twilio
from tests.integrations.recipe import recipe

RECORDING = {
    "RecordingSource": "DialVerb",
    "RecordingTrack": "both",
    "RecordingChannels": "2",
    "RecordingStartTime": "Mon, 13 Apr 2026 00:18:23 +0000",
}


@pytest.fixture
def voice():
    module = recipe("twiml.md", "voice.py")
    module.CALLSTORE = given.BASE
    return module


def test_everything_that_the_twiml_asks_to_be_told_is_taken_and_makes_one_call(voice, instance, kept):
    parent, child, recording = twilio.sid(), twilio.sid(), twilio.sid("RE")
    twiml = voice.to_the_agent({"CallSid": parent})
    told = twilio.callbacks(twiml)
    assert set(told) == {
        ("Transcription", "statusCallbackUrl"),
        ("Dial", "recordingStatusCallback"),
        ("Sip", "statusCallback"),
    }
    assert all(url.endswith("#rc=5&rp=all") for url in told.values())
    for n, status in enumerate(("initiated", "ringing", "in-progress", "completed")):
        progress = twilio.progress(child, status, parent, n)
        assert twilio.deliver(instance, told["Sip", "statusCallback"], **progress) == 204
    for status in ("in-progress", "completed"):
        done = {**RECORDING, "CallSid": parent, "RecordingSid": recording, "RecordingStatus": status}
        assert twilio.deliver(instance, told["Dial", "recordingStatusCallback"], **done) == 204
    heard = {
        "CallSid": parent,
        "TranscriptionSid": twilio.sid("GT"),
        "TranscriptionEvent": "transcription-content",
        "SequenceId": "2",
        "Track": "inbound_track",
        "Final": "true",
        "Timestamp": "2026-04-13T00:18:50.412Z",
        "TranscriptionData": '{"transcript":"hello?","confidence":0.9}',
    }
    assert twilio.deliver(instance, told["Transcription", "statusCallbackUrl"], **heard) == 204
    legs = [record.event for record in kept(f"twilio:{child}")]
    assert [leg.status for leg in legs] == ["initiated", "ringing", "in-progress", "completed"]
    assert {leg.parent for leg in legs} == {parent}
    kinds = {record.event.TYPE for record in kept(f"twilio:{parent}")}
    assert "recording.status" in kinds and "unrecognised" not in kinds and len(kinds) == 2


def test_the_ai_is_told_which_call_it_is_by_a_header_that_twilio_lets_through(voice):
    parent = twilio.sid()
    assert f"transport=tls?X-Parent-CallSid={parent}</Sip>" in voice.to_the_agent({"CallSid": parent})


def test_a_call_that_you_place_tells_each_of_its_steps(voice, instance, kept):
    client, asked = twilio.client()
    place = recipe("twiml.md", "place.py").place
    place(client, "+15550100001", "+15550100002", "https://voice.example.com/voice", voice.hook)
    [(method, path, data)] = asked
    assert (method, path.rpartition("/")[2]) == ("POST", "Calls.json")
    assert data["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]
    leg = twilio.sid()
    told = twilio.progress(leg, "initiated", Direction="outbound-api")
    assert twilio.deliver(instance, data["StatusCallback"], **told) == 204
    answerer = {"CallSid": leg, "AnsweredBy": "human", "MachineDetectionDuration": "900"}
    assert twilio.deliver(instance, data["AsyncAmdStatusCallback"], **answerer) == 204
    assert {record.event.TYPE for record in kept(f"twilio:{leg}")} == {"leg.status", "answerer.found"}
