"""The lane of Twilio's words, and those words in the gap where the AI has none."""

import pytest

from callstore.domain.facts import events as ev
from callstore.report.report import report
from dashboard.call.figure import figure
from dashboard.call.timeline import timeline
from tests.builders import PARENT, RECORDING
from tests.findings.stories import conversation, cut_off

LONG = "They told me that somebody would call me back about the delivery of last week"


def on(lane, story):
    drawn = timeline(report(story.records))
    return [mark for mark in drawn["marks"] if mark["lane"] == lane]


def why_empty(story):
    [reason] = [
        lane["reason"] for lane in timeline(report(story.records))["lanes"] if lane["id"] == "twilio_text"
    ]
    return reason


def test_twilios_words_of_both_sides_lie_on_a_lane_of_their_own():
    story = cut_off().written("00:18:34", "This is Kishi.")
    story.written("00:18:38", "One moment.", track="outbound_track").written("00:18:52.4", LONG, final=False)
    marks = on("twilio_text", story)
    assert [(m["label"], m["role"], m["style"]) for m in marks] == [
        ("This is Kishi.", "caller", "solid"),
        ("One moment.", "agent", "solid"),
        (LONG, "caller", "dotted"),
    ]
    assert all(m["positions"] for m in marks)


def test_the_gap_shows_them_with_their_source():
    story = cut_off().written("00:18:52.4", LONG)
    read = ev.GapTranscribed(
        recording=RECORDING, start_s=18.0, end_s=29.0, provider="openai", model="m-1", text="They told us"
    )
    story.add(f"twilio:{PARENT}", read, "00:20:00", source="audio")
    [gap] = [mark for mark in on("caller_text", story) if mark["kind"] == "gap"]
    assert f"Twilio heard: “{LONG}”" in gap["detail"]
    assert "OpenAI's m-1 read in the recording: “They told us”" in gap["detail"]
    assert {record.position for record in story.records[-2:]} <= set(gap["positions"])


def test_without_a_recording_twilios_words_alone_make_the_gap():
    [gap] = [m for m in on("caller_text", conversation().written("00:18:52.4", LONG)) if m["kind"] == "gap"]
    assert gap["positions"] and LONG in gap["detail"]


@pytest.mark.parametrize(
    ("story", "reason"),
    [
        (conversation(), "Twilio's transcription is off: no <Transcription> callback came"),
        (conversation().watched("00:17:53", "failed"), "Twilio's transcription failed"),
        (conversation().watched("00:17:53"), "Twilio's transcription heard no word"),
        (conversation().written("00:18:34", "Hello."), None),
    ],
)
def test_an_empty_lane_says_why(story, reason):
    assert why_empty(story) == reason


def test_the_figure_holds_no_word_of_them():
    whole = report(cut_off().written("00:18:52.4", LONG).records)
    assert LONG not in str(figure(timeline(whole)))
