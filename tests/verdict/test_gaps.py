"""Twilio's transcription beside the AI's: words for the gap, and a witness where nothing was recorded."""

import pytest

from callstore.domain.facts import events as ev
from callstore.report.report import report
from tests.builders import PARENT, RECORDING, Story, at
from tests.findings.stories import ZERO, conversation, cut_off, finished, left

LONG = "They told me that somebody would call me back about the delivery of last week"


def test_a_gap_shows_what_twilio_heard_in_it_and_says_on_whose_word():
    whole = report(cut_off().written("00:18:34", "This is Kishi.").written("00:18:52.4", LONG).records)
    [gap] = whole["gaps"]
    assert [(w["text"], w["source"], w["speaker"]) for w in gap["words"]] == [(LONG, "twilio", "caller")]
    assert [w["text"] for w in whole["second_words"]] == ["This is Kishi.", LONG]
    assert whole["sources"]["twilio_transcript"] == "present"


def test_words_of_others_are_no_transcript_of_the_ai():
    without, told = report(cut_off().records), report(cut_off().written("00:18:52.4", LONG).records)
    assert told["untranscribed_caller_speech_s"] == without["untranscribed_caller_speech_s"] > 10
    assert told["last_caller_transcript"] == without["last_caller_transcript"]


def test_without_a_recording_twilios_words_show_that_the_caller_was_cut_off():
    whole = report(conversation().written("00:18:34", "This is Kishi.").written("00:18:52.4", LONG).records)
    assert "truncated" in whole["flags"] and whole["truncation_basis"] == "twilio_transcript"
    assert whole["gap_kind"] == "not_heard"
    [gap] = whole["gaps"]
    assert gap["words"][0]["text"] == LONG and gap["kind"] == "not_heard"


@pytest.mark.parametrize(
    "story",
    [
        conversation().written("00:18:34", "This is Kishi."),
        conversation().written("00:18:44", LONG),
        conversation().written("00:18:52.4", "Uh"),
        conversation().written("00:18:52.4", LONG, track="outbound_track"),
        conversation().written("00:19:06", LONG),
        left().written("00:18:52.4", LONG),
        finished().written("00:18:52.4", LONG),
    ],
    ids=["the AI wrote it too", "long before the end", "too short", "the agent", "after", "left", "finished"],
)
def test_words_that_prove_no_cut_prove_none(story):
    assert "truncated" not in report(story.records)["flags"]


def test_the_recording_outweighs_twilios_words():
    story = conversation().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"))
    whole = report(story.written("00:18:52.4", LONG).records)
    assert "truncated" not in whole["flags"]


def test_with_no_words_and_no_recording_whether_the_caller_spoke_is_not_known():
    whole = report(conversation().watched("00:17:53").records)
    assert "truncated" not in whole["flags"]
    assert any("no recording" in why for why in whole["evidence_missing"])


@pytest.mark.parametrize(
    ("story", "state"),
    [
        (conversation(), "off"),
        (conversation().watched("00:17:53"), "never_expected"),
        (conversation().watched("00:17:53", "failed", error_code="32601"), "failed"),
        (conversation().written("00:18:34", None), "present"),
    ],
)
def test_twilios_transcript_is_a_source_with_a_state(story, state):
    assert report(story.records)["sources"]["twilio_transcript"] == state


def test_a_reading_of_a_gap_stands_in_it_with_its_source():
    read = ev.GapTranscribed(
        recording=RECORDING, start_s=17.7, end_s=29.0, provider="openai", model="m-1", text="They told me"
    )
    whole = report(cut_off().add(f"twilio:{PARENT}", read, "00:20:00", source="audio").records)
    [gap] = whole["gaps"]
    assert [(w["text"], w["source"]) for w in gap["words"]] == [("They told me", "openai:m-1")]
    assert (gap["recording"], gap["recording_start_s"]) == (RECORDING, pytest.approx(18, abs=0.6))
    assert whole["untranscribed_caller_speech_s"] > 10
    assert whole["sources"]["twilio_transcript"] == "off"


def test_an_erased_call_keeps_when_words_were_said_but_not_which():
    whole = report(cut_off().written("00:18:52.4", None).records)
    [word] = whole["gaps"][0]["words"]
    assert word["text"] is None and word["end_s"] == pytest.approx(at("00:18:52") - at("00:17:52.3"), abs=1)


def _asked(story, name="Caller speaking at the end"):
    [check] = [c for c in report(story.records)["judgement"]["checks"] if c["check"] == name]
    return check


def test_twilios_words_say_that_the_caller_was_speaking_at_the_end():
    check = _asked(conversation().written("00:18:52.4", LONG))
    assert check["says"] == "supports"
    assert check["finding"].startswith("Yes: caller speech by Twilio's transcription")


def test_no_words_of_twilios_at_the_end_are_no_silence():
    check = _asked(conversation().written("00:18:34", "This is Kishi."))
    assert (check["says"], "no words of the last 2 s" in check["finding"]) == ("missing", True)


@pytest.mark.parametrize(
    ("heard_until", "kind"), [("00:18:43", "not_heard"), ("00:18:50", "heard_not_transcribed")]
)
def test_a_gap_is_what_its_larger_part_is(heard_until, kind):
    """The AI heard the first seconds of eleven."""
    story = conversation().turn("item_2", "00:18:41", heard_until, ZERO)
    story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:41", "00:18:52"))
    [gap] = report(story.records)["gaps"]
    assert (round(gap["end_s"] - gap["start_s"]), gap["kind"]) == (11, kind)


@pytest.mark.parametrize(
    "story", [conversation(), conversation().tool("00:18:50").api("00:18:51.5", "hangup")]
)
def test_a_length_that_nobody_knows_is_no_gap_that_is_not_there(story):
    told = report(story.records)
    assert (told["gap_kind"], told["untranscribed_caller_speech_s"]) == ("unknown", None)


def test_an_utterance_is_told_with_all_that_is_known_of_it():
    [words] = report(conversation().written("00:18:35.123", "This is Kishi").records)["second_words"]
    assert words == {
        "at": "2026-04-13T00:18:33.494Z", "start_s": 41.194, "end_s": 42.123, "text": "This is Kishi",
        "speaker": "caller", "track": "inbound_track", "source": "twilio", "final": True, "spread_s": 0.7,
        "positions": [len(conversation().records) + 1],
    }  # fmt: skip


def test_a_gap_lies_in_the_recording_where_the_caller_is_heard():
    story = conversation().heard(
        "00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:41.234", "00:18:51.678")
    )
    [gap] = report(story.records)["gaps"]
    place = {name: gap[name] for name in gap if name.startswith("recording")}
    assert place == {
        "recording": RECORDING, "recording_channel": 1, "recording_start_s": 18.23, "recording_end_s": 28.68
    }  # fmt: skip


def test_in_a_recording_whose_channels_are_the_wrong_way_round_it_lies_in_the_second():
    caller = ("00:18:30", "00:18:33"), ("00:18:36", "00:18:38"), ("00:18:41", "00:18:52")
    story = conversation().turn("item_2", "00:18:36", "00:18:38", ZERO, "Hello?")
    agent = ("00:18:24", "00:18:28"), ("00:18:34", "00:18:35")
    for n, (start, stop) in enumerate(agent):
        story.frame(ev.PlaybackChanged, start, response=f"r{n}", state="started")
        story.frame(ev.PlaybackChanged, stop, response=f"r{n}", state="stopped")
    [gap] = report(story.heard("00:18:23", "00:18:52", *agent, agent=caller).records)["gaps"]
    assert gap["recording_channel"] == 2


def test_a_gap_by_twilios_words_lies_in_no_recording():
    [gap] = report(conversation().written("00:18:52.4", LONG).records)["gaps"]
    assert (gap["recording"], gap["recording_start_s"], gap["recording_end_s"]) == (None, None, None)


def test_a_gap_by_twilios_words_lies_in_a_recording_of_one_channel():
    story = conversation().heard("00:18:23", "00:18:52", channels=1).written("00:18:52.4", LONG)
    [gap] = report(story.records)["gaps"]
    assert (gap["recording"], gap["recording_end_s"]) == (RECORDING, pytest.approx(28.5, abs=1))


def test_what_sticks_out_of_the_ais_words_by_less_than_a_recognisers_lag_is_edge():
    """Twilio's words end 0.7 s before it gives them; the AI's turn lasts until 00:18:50."""
    story = conversation().turn("item_2", "00:18:46", "00:18:50", ZERO, "And so on.")
    assert report(story.written("00:18:52.0", LONG).records)["gaps"] == []
    story = conversation().turn("item_2", "00:18:46", "00:18:50", ZERO, "And so on.")
    assert report(story.written("00:18:52.4", "x" * 8, track="inbound_track").records)["gaps"] == []


@pytest.mark.parametrize(("early", "edge"), [(1.3, True), (1.5, False)])
def test_nor_what_begins_a_little_before_them(early, edge):
    """The AI's turn begins at 00:18:46, Twilio's words at so many seconds before and end within it."""
    story = conversation().turn("item_2", "00:18:46", "00:18:50", ZERO, "And so on.")
    said = "x" * round((at("00:18:48.8") - at("00:18:46") + early) * 14)
    assert (report(story.written("00:18:49.5", said).records)["gaps"] == []) == edge


def test_words_beside_a_session_without_any_leg_show_no_gap():
    story = Story().frame(ev.FrameSeen, "00:18:30").written("00:18:44", LONG).socket_closed("00:18:45", 1006)
    assert report(story.records)["gaps"] == []


def test_while_a_call_goes_on_twilio_may_still_write_it_down():
    story = Story().child("in-progress", "00:18:23", sequence=2).watched("00:17:53")
    assert report(story.records)["sources"]["twilio_transcript"] == "pending"


def test_words_of_a_call_whose_beginning_is_not_known_have_no_place_in_it():
    [words] = report(Story().written("00:18:44", "Hello?").records)["second_words"]
    assert (words["start_s"], words["end_s"]) == (None, None)
