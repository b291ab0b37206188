"""Every source has a state, and absence a reason."""

import pytest

from callstore.domain.facts import events as ev
from callstore.report.report import report
from callstore.report.sources.table import SOURCES
from tests.builders import PARENT, Story, answered_call
from tests.findings.stories import conversation, cut_off, finished, left, refused

WORDS = {"present", "pending", "off", "failed", "expired", "never_expected"}


def _late(story, clock="02:00:00"):
    """The log hears of something else, long after."""
    return story.add(f"twilio:{PARENT}", ev.ProviderWarned(level="notice", code="1"), clock)


def _states(story):
    return report(story.records)["source_details"]


@pytest.mark.parametrize("story", [Story(), cut_off(), finished(), left(), refused(), answered_call()])
def test_every_source_of_every_call_has_a_word_and_a_reason(story):
    document = report(story.records)
    assert set(document["sources"]) == set(document["source_details"]) == set(SOURCES)
    for name, detail in document["source_details"].items():
        assert detail["state"] == document["sources"][name] and detail["state"] in WORDS and detail["why"]


def test_what_was_seen_is_present():
    states = _states(finished())
    for name in ("child_callbacks", "parent_callbacks", "ai_webhook", "ai_events", "ai_close", "transcript"):
        assert states[name]["state"] == "present", name
    assert states["recording"]["state"] == states["dial_action"]["state"] == "present"


@pytest.mark.parametrize(
    ("name", "story", "first", "then"),
    [
        ("ai_close", cut_off, "pending", "expired"),
        ("dial_action", answered_call, "pending", "off"),
        ("insights", cut_off, "pending", "off"),
        ("ai_events", answered_call, "pending", "off"),
        ("ai_webhook", lambda: Story().child("initiated", "00:18:17", sequence=0), "pending", "expired"),
        (
            "recording",
            lambda: answered_call().answered("00:18:16", "Dial", path="/voice", asked="voice", record="true"),
            "pending",
            "expired",
        ),
        (
            "child_callbacks",
            lambda: Story().child("initiated", "00:18:17", sequence=0).dial_action("00:18:52"),
            "pending",
            "expired",
        ),
    ],
)
def test_what_is_expected_is_late_once_the_log_knows_of_something_later(name, story, first, then):
    early = _states(story())[name]
    assert early["state"] == first and early["expected_until"]
    late = _states(_late(story()))[name]
    assert (late["state"], late["expected_until"]) == (then, None)


def test_what_cannot_come_was_never_expected():
    states = _states(refused())
    for name in ("ai_events", "ai_close", "transcript", "recording"):
        assert states[name]["state"] == "never_expected", name
    assert _states(Story().asked("00:17:52"))["dial_action"]["state"] == "never_expected"


def test_a_recording_says_why_it_failed():
    failed = ev.RecordingFailed(recording="RE1", reason="HTTP 403", permanent=True)
    state = _states(conversation().add(f"twilio:{PARENT}", failed, "00:20:00", source="audio"))["recording"]
    assert (state["state"], state["why"]) == ("failed", "HTTP 403")


def test_a_recording_that_its_provider_has_no_more_is_expired():
    gone = ev.RecordingFailed(recording="RE1", reason="deleted (410)", permanent=True, gone=True)
    state = _states(conversation().add(f"twilio:{PARENT}", gone, "00:20:00", source="audio"))["recording"]
    assert (state["state"], state["why"]) == ("expired", "deleted (410)")


def test_a_recording_that_is_not_there_yet_is_pending():
    early = ev.RecordingFailed(recording="RE1", reason="not found (404)", permanent=False, gone=True)
    state = _states(conversation().add(f"twilio:{PARENT}", early, "00:20:00", source="audio"))["recording"]
    assert state["state"] == "pending"


def test_a_recording_that_could_not_be_kept_so_far_is_pending_and_says_why():
    failed = ev.RecordingFailed(recording="RE1", reason="disk full", permanent=False)
    state = _states(conversation().add(f"twilio:{PARENT}", failed, "00:20:00", source="audio"))["recording"]
    assert state["state"] == "pending"
    assert state["why"] == "It could not be had so far: disk full. It is tried again."


def test_transcription_that_is_switched_off_is_off():
    story = answered_call().frame(ev.SessionConfigured, "00:18:24", session="s")
    assert _states(story)["transcript"]["state"] == "off"
