"""What a Live session tells is drawn where its clock puts it, and what it cannot tell is said."""

import pytest

from callstore.domain.facts import events as ev
from callstore.report.report import report
from dashboard.call.timeline import timeline
from tests.builders import AI, answered_call, at
from tests.live import LIVE_ZERO, STORED, held, of_stored, said, started

FIRST, LOST = ("00:18:28", "00:18:31"), ("00:18:38", "00:18:44")


def marks(story, lane):
    return [m for m in timeline(report(story.records))["marks"] if m["lane"] == lane]


def call():
    story = said(started(), *FIRST, "This is Kishi.")
    return said(story, "00:18:32", "00:18:35", "Hello Kishi.", side="agent")


def test_words_of_both_sides_are_drawn_as_long_as_they_were_spoken():
    [caller], [agent] = marks(call(), "caller_text"), marks(call(), "agent_text")
    assert (caller["label"], round(caller["end_s"] - caller["start_s"], 1)) == ("This is Kishi.", 3.0)
    assert (agent["label"], round(agent["end_s"] - agent["start_s"], 1)) == ("Hello Kishi.", 3.0)


def test_a_gap_says_that_live_does_not_tell_what_it_heard():
    story = said(call(), "00:18:46", "00:18:48", "Hello?")
    story.heard("00:18:23", "00:18:52", FIRST, LOST, ("00:18:46", "00:18:48"))
    [gap] = [m for m in marks(story, "caller_text") if m["kind"] == "gap"]
    assert "Live tells of no voice detector" in gap["detail"]


def test_a_muted_stretch_is_drawn_and_is_no_gap():
    story = held(call(), "mute", "00:18:37", "00:18:45").heard("00:18:23", "00:18:52", FIRST, LOST)
    _, muted = marks(story, "caller_text")
    assert (muted["kind"], muted["label"]) == ("state", "the AI was given silence")
    assert round(muted["end_s"] - muted["start_s"], 1) == 8.0


def lane(story):
    return [(m["kind"], m["label"], m["start_s"], m["end_s"]) for m in marks(story, "heard_by_ai")]


def place(*clocks):
    return tuple(round(at(clock) - at("00:17:52.3"), 3) for clock in clocks)


def reason(story):
    lanes = timeline(report(story.records))["lanes"]
    return next(each["reason"] for each in lanes if each["id"] == "heard_by_ai")


def test_what_reached_the_ai_has_its_lane_with_the_facts_that_tell_of_it():
    story = call().reflected("00:18:24", "00:18:33", ("00:18:28", "00:18:31"))
    assert lane(story) == [("speech", "caller speaks", *place("00:18:28", "00:18:31"))]
    [speech] = marks(story, "heard_by_ai")
    told = {r.position: r for r in story.records}
    assert [told[p].event.TYPE for p in speech["positions"]] == ["audio.reflected"] * 2
    assert marks(story, "caller_audio") == []


def test_where_nothing_reached_it_and_where_nobody_kept_it_is_drawn_apart():
    story = said(call(), "00:18:46", "00:18:48", "Hello?")
    story.reflected("00:18:24", "00:18:36", FIRST).reflected("00:18:37", "00:18:48", ("00:18:46", "00:18:48"))
    story.heard("00:18:23", "00:18:52", FIRST, LOST, ("00:18:46", "00:18:48"))
    kinds = [(kind, label) for kind, label, *_ in lane(story)]
    assert kinds == [
        ("speech", "caller speaks"),
        ("state", "not kept"),
        ("gap", "nothing reached the AI"),
        ("speech", "caller speaks"),
    ]


def test_what_was_given_silence_is_on_the_lane_too():
    story = held(call(), "mute", "00:18:37", "00:18:45").reflected("00:18:24", "00:18:51.5", FIRST, LOST)
    assert ("state", "given silence", *place("00:18:37", "00:18:45")) in lane(story)


def test_an_empty_lane_says_whether_it_was_silence_or_nobody_kept_it():
    assert "Nobody kept" in reason(call())
    assert reason(call().reflected("00:18:24", "00:18:33")) == (
        "Nothing that the sideband reflected was speech"
    )


def test_of_a_session_with_a_detector_the_lane_is_the_detectors():
    story = answered_call().turn("item_1", "00:18:28", "00:18:31", "00:18:24", "Hello.")
    [detected] = marks(story, "heard_by_ai")
    assert (detected["label"], len(detected["positions"])) == ("detector open", 4)
    assert "never opened" in reason(answered_call().tool("00:18:30"))


def kept(story):
    """What OpenAI keeps was heard: somebody spoke from 4 to 7 s of the session."""
    event = ev.RecordingAnalysed(
        recording=STORED, analyser="test/1", duration_s=28.0, sample_rate=24_000, channels=1,
        sha256="0", media="m", peaks="p", caller=((4.0, 7.0),),
    )  # fmt: skip
    return of_stored(story.add(f"openai:{AI}", event, "00:20:00", source="audio"))


def test_what_openai_keeps_is_a_second_recording_on_a_lane_of_its_own():
    story = call().heard("00:18:23", "00:18:52", FIRST)
    document = report(kept(story))
    twilios, openais = sorted(document["recordings"], key=lambda r: r["recording"])
    assert (openais["recording"], openais["state"], openais["aligned"]) == (STORED, "present", False)
    axis = timeline(document)
    assert axis["recording"]["recording"] == twilios["recording"]
    [mark] = [m for m in axis["marks"] if m["lane"] == "openai_audio"]
    assert mark["start_s"] == pytest.approx(at(LIVE_ZERO) + 4.0 - at("00:17:52.3"), abs=0.15)
    assert "openai_audio" in [lane["id"] for lane in axis["lanes"]]


def test_a_call_of_which_openai_keeps_nothing_has_no_such_lane():
    axis = timeline(report(call().heard("00:18:23", "00:18:52", FIRST).records))
    assert "openai_audio" not in [lane["id"] for lane in axis["lanes"]]


def test_what_openai_keeps_is_no_witness_of_who_spoke():
    document = report(kept(call()))
    assert document["recording_state"] != "present"
    assert document["caller_speech_s"] is None
