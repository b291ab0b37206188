"""End to end: the words of a caller whom the AI never heard out, from Twilio's callbacks to the API."""

import json
from dataclasses import replace

import pytest
from django.test import Client

from callstore.eventlog.writing.append import append
from callstore.projection import projector
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import drafts, load
from ingest.doors.receive import receive
from tests.ingest import deliveries as given
from tests.projection.facts import sid, traces_of

pytestmark = pytest.mark.django_db

SAID = "I wanted to ask about the parcel that should have come on Friday"


@pytest.fixture
def call(settings):
    """The recorded call without a recording, once more: the caller's SID and when the call ended."""
    given.configured(settings)
    scenario = rebased(load("no_recording"), 86_400)
    told = drafts(scenario)
    append(told)
    subject = next(d.subject for d in told if d.event.TYPE == "flow.asked")
    return subject, {d.subject for d in told if d.is_of_a_call}


def hears(subject, at, number, text, final, gt):
    """One signed callback of a real-time transcription, received as the door would."""
    delivery = given.form(
        CallSid=subject.removeprefix("twilio:"), TranscriptionSid=gt, SequenceId=str(number),
        TranscriptionEvent="transcription-content", Track="inbound_track", Final=str(final).lower(),
        LanguageCode="en-US", Timestamp=f"2026-04-14T08:45:{at}Z",
        TranscriptionData=json.dumps({"transcript": text, "confidence": 0.9}),
    )  # fmt: skip
    signed = given.signed(replace(delivery, received_at=delivery.received_at + number))
    assert [receive(signed).status, receive(signed).status] == [204, 204]


def test_twilio_says_what_the_caller_was_saying_when_the_ai_was_lost(call, settings):
    subject, subjects = call
    gt = sid("GT")
    hears(subject, "22.912", 2, "I wanted", False, gt)
    hears(subject, "27.312", 4, SAID, True, gt)
    hears(subject, "24.871", 3, "I wanted to ask about", False, gt)
    projector.project(traces_of(subjects))

    settings.API_TOKENS = ["a-token"]
    api = Client(headers={"authorization": "Bearer a-token"})
    path = f"/api/v1/calls/{subject.removeprefix('twilio:')}"
    told = api.get(path).json()
    assert "truncated" in told["flags"] and told["truncation_basis"] == "twilio_transcript"
    [gap] = told["gaps"]
    assert [(w["text"], w["source"]) for w in gap["words"]] == [(SAID, "twilio")]
    assert told["sources"]["twilio_transcript"] == "present"
    assert len(gap["words"][0]["positions"]) == 3

    axis = api.get(f"{path}/timeline").json()
    [mark] = [mark for mark in axis["marks"] if mark["lane"] == "twilio_text"]
    assert mark["label"] == SAID
    assert any(SAID in (m["detail"] or "") for m in axis["marks"] if m["kind"] == "gap")
    # What was said is nowhere in the clear.
    listed = [e for e in api.get(f"{path}/events").json()["items"] if e["type"] == "words.heard"]
    assert len(listed) == 3 and SAID not in json.dumps([e["facts"] for e in listed])
