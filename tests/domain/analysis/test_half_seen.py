"""Turns of which an observer saw a part: what followed still covers the speech that ends there."""

import pytest

from callstore.domain.facts import events as ev
from callstore.report.report import report
from tests.builders import Story, answered_call, at
from tests.findings.stories import ZERO

SPOKEN = ("00:18:28", "00:18:31"), ("00:18:36", "00:18:40"), ("00:18:44", "00:18:46.5")


def ms(moment: str, padding: float) -> float:
    return (at(moment) - at(ZERO) + padding) * 1000


def call(*told: str, text: str | None = "All of it was written down.", spoken=SPOKEN) -> Story:
    """Three turns; of the second only what is `told` was seen, the observer having been away."""
    story = answered_call().dial_action("00:18:52.4")
    story.turn("item_1", *SPOKEN[0], ZERO, "The first.")
    if "started" in told:
        story.frame(ev.SpeechStarted, "00:18:36.2", item="item_2", audio_ms=ms("00:18:36", -0.3))
    if "stopped" in told:
        story.frame(ev.SpeechStopped, "00:18:40.5", item="item_2", audio_ms=ms("00:18:40", 0.5))
    if "committed" in told:
        story.frame(ev.TurnCommitted, "00:18:40.5", item="item_2")
    if text is not None:
        story.frame(ev.TurnTranscribed, "00:18:41.3", item="item_2", final=True, text=text)
    story.turn("item_3", *SPOKEN[2], ZERO, "The last.")
    return story.heard("00:18:23", "00:18:52", *spoken) if spoken else story


PARTS = [("stopped",), ("stopped", "committed"), ("committed",), ("started",), ("started", "committed"), ()]


@pytest.mark.parametrize("told", PARTS, ids=lambda told: "+".join(told) or "text alone")
def test_a_transcript_covers_the_speech_of_a_turn_that_was_seen_in_part(told):
    document = report(call(*told).records)
    assert (document["untranscribed_caller_speech_s"], document["gap_kind"]) == (0, "none")
    [turn] = [t for t in document["turns"] if t["item"] == "item_2"]
    assert turn["state"] == "transcribed"
    assert turn["start_s"] == pytest.approx(at("00:18:36") - at("00:17:52.3"), abs=0.5)
    assert turn["end_s"] == pytest.approx(at("00:18:40") - at("00:17:52.3"), abs=0.5)


@pytest.mark.parametrize("told", [("stopped",), ("committed",), ("started",), ()])
def test_it_covers_no_speech_but_that_which_ends_there(told):
    """Before it the caller spoke, and after it, and neither was written down."""
    others = ("00:18:33", "00:18:34.5"), ("00:18:42.4", "00:18:43.4")
    document = report(call(*told, spoken=sorted([*SPOKEN, *others])).records)
    assert document["untranscribed_caller_speech_s"] == pytest.approx(2.5, abs=0.3)


@pytest.mark.parametrize("told", [("stopped",), ("started",), ("started", "committed")])
def test_a_turn_without_text_was_heard_all_the_same(told):
    document = report(call(*told, text=None).records)
    assert document["untranscribed_caller_speech_s"] == pytest.approx(4.0, abs=0.3)
    assert document["gap_kind"] == "heard_not_transcribed"


def test_without_a_recording_words_begin_as_long_before_as_they_take_to_say():
    document = report(call("stopped", text="x" * 42, spoken=()).records)
    [turn] = [t for t in document["turns"] if t["item"] == "item_2"]
    assert turn["end_s"] - turn["start_s"] == pytest.approx(3.0, abs=0.01)


@pytest.mark.parametrize("told", [("stopped",), ("committed",), ()])
def test_the_last_words_are_known_as_the_last_though_their_beginning_was_not_seen(told):
    story = answered_call().dial_action("00:18:52.4")
    story.turn("item_1", *SPOKEN[0], ZERO, "The first.")
    if "stopped" in told:
        story.frame(ev.SpeechStopped, "00:18:40.5", item="item_2", audio_ms=ms("00:18:40", 0.5))
    if "committed" in told:
        story.frame(ev.TurnCommitted, "00:18:40.5", item="item_2")
    story.frame(ev.TurnTranscribed, "00:18:41.3", item="item_2", final=True, text="The last.")
    assert report(story.records)["last_caller_transcript"] == "The last."


def test_a_turn_whose_end_was_missed_was_not_held_open(find):
    """It began, the observer was away, and the conversation went on for a minute."""
    story = answered_call(child_end="00:19:52", parent_end="00:19:52").dial_action("00:19:52.4")
    story.frame(ev.SpeechStarted, "00:18:36.2", item="item_2", audio_ms=ms("00:18:36", -0.3))
    story.turn("item_3", *SPOKEN[2], ZERO, "The last.").frame(ev.FrameSeen, "00:19:40")
    assert find("vad_stuck", story) is None


def test_a_turn_that_is_open_at_the_end_lasts_to_the_end_though_an_observer_was_away_before():
    story = answered_call().dial_action("00:18:52.4").turn("item_1", *SPOKEN[0], ZERO, "The first.")
    story.socket_closed("00:18:34", 1006).socket_opened("00:18:35", connection="conn_2")
    story.frame(
        ev.SpeechStarted, "00:18:41.2", item="item_2", audio_ms=ms("00:18:41", -0.3), connection="conn_2"
    )
    document = report(story.heard("00:18:23", "00:18:52", SPOKEN[0], ("00:18:41", "00:18:51.9")).records)
    assert document["gap_kind"] == "heard_not_transcribed"
