"""The conference: its TwiML and its REST call by twilio's package, and what Twilio tells of it."""

from tests.ingest import deliveries as given
from tests.integrations import twilio
from tests.integrations.recipe import recipe


def test_everything_that_the_conference_tells_is_taken(instance, kept):
    page = recipe("conference.md", "conference.py")
    page.CALLSTORE = given.BASE
    parent, child, conference = twilio.sid(), twilio.sid(), twilio.sid("CF")
    told = twilio.callbacks(page.into_the_conference({"CallSid": parent}))
    assert set(told) == {("Conference", "statusCallback"), ("Conference", "recordingStatusCallback")}
    client, asked = twilio.client()
    page.call_the_agent(client, {"CallSid": parent, "To": "+815055509876"})
    [(_, path, participant)] = asked
    assert path.endswith(f"/Conferences/{parent}/Participants.json")
    assert f"?X-Parent-CallSid={parent}&" in participant["To"] and len(participant["To"]) < 255
    for n, status in enumerate(participant["StatusCallbackEvent"]):
        status = {"answered": "in-progress"}.get(status, status)
        progress = twilio.progress(child, status, sequence=n, Direction="outbound-api")
        assert twilio.deliver(instance, participant["StatusCallback"], **progress) == 204
    left = {
        "ConferenceSid": conference,
        "FriendlyName": parent,
        "StatusCallbackEvent": "participant-leave",
        "CallSid": child,
        "SequenceNumber": "4",
        "Timestamp": "Mon, 13 Apr 2026 00:18:52 +0000",
        "ParticipantLabel": "agent",
        "ParticipantCallStatus": "completed",
        "ReasonParticipantLeft": "participant_hung_up",
    }
    assert twilio.deliver(instance, told["Conference", "statusCallback"], **left) == 204
    kinds = [record.event.TYPE for record in kept(f"twilio:{child}")]
    assert kinds.count("leg.status") == 4 and "unrecognised" not in kinds
    assert "conference.changed" in kinds + [r.event.TYPE for r in kept(f"twilio:{conference}")]


def test_the_ai_does_not_end_the_conference_and_the_caller_does():
    page = recipe("conference.md", "conference.py")
    assert 'endConferenceOnExit="true"' in page.into_the_conference({"CallSid": twilio.sid()})
    client, asked = twilio.client()
    page.call_the_agent(client, {"CallSid": twilio.sid(), "To": "+815055509876"})
    assert "EndConferenceOnExit" not in asked[0][2]
