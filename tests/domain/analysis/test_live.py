"""A Live session tells of no voice detector: its intervals are its words, what else it heard is open."""

import pytest

from callstore.domain.analysis.ai_clock import playbacks
from callstore.domain.analysis.hearing import hear
from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.report.report import report
from tests.builders import at
from tests.live import LIVE_ZERO, held, said, started, used

CALLER = ("00:18:28", "00:18:31"), ("00:18:36", "00:18:40.5"), ("00:18:44", "00:18:46.5")
AGENT = ("00:18:25", "00:18:27"), ("00:18:32", "00:18:35"), ("00:18:41.5", "00:18:43")


def talk(*unwritten: int, zero: str = LIVE_ZERO):
    """Three turns and three replies, all written down but those named."""
    story = started(zero=zero)
    for number, span in enumerate(CALLER):
        if number not in unwritten:
            said(story, *span, f"Turn {number} of the caller.", zero=zero)
    for number, span in enumerate(AGENT):
        said(story, *span, f"Reply {number} of the agent.", side="agent", zero=zero)
    return used(story, "00:18:30", "00:18:40", "00:18:50")


def recorded(story, *caller):
    return story.heard("00:18:23", "00:18:52", *(caller or CALLER), agent=AGENT)


def test_what_intervals_cover_is_transcribed():
    document = report(recorded(talk()).records)
    assert (document["untranscribed_caller_speech_s"], document["gap_kind"]) == (0, "none")
    assert document["ai_api"] == "live"
    assert document["last_caller_transcript"] == "Turn 2 of the caller."
    assert document["last_agent_transcript"] == "Reply 2 of the agent."
    assert document["sources"]["transcript"] == "present"


def test_turns_and_replies_lie_where_the_sessions_clock_puts_them():
    document = report(recorded(talk()).records)
    answered = at("00:17:52.3")
    assert [t["text"] for t in document["turns"]] == [f"Turn {n} of the caller." for n in range(3)]
    for turn, span in zip(document["turns"], CALLER, strict=True):
        assert turn["start_s"] == pytest.approx(at(span[0]) - answered, abs=1.0)
        assert turn["end_s"] - turn["start_s"] == pytest.approx(at(span[1]) - at(span[0]), abs=0.01)
        assert len(turn["positions"]) >= 5
    for reply, span in zip(document["replies"], AGENT, strict=True):
        assert reply["start_s"] == pytest.approx(at(span[0]) - answered, abs=1.0)
        assert reply["end_s"] - reply["start_s"] == pytest.approx(at(span[1]) - at(span[0]), abs=0.01)


@pytest.mark.parametrize("zero", ["00:18:19", "00:18:23.4", "00:18:24"])
def test_the_clock_may_have_begun_at_any_time(zero):
    document = report(recorded(talk(zero=zero)).records)
    assert document["untranscribed_caller_speech_s"] == 0


def test_words_that_two_observers_heard_are_read_once():
    story = talk()
    said(story, *CALLER[1], "Turn 1 of the caller.", connection="conn_2")
    assert report(story.records)["turns"][1]["text"] == "Turn 1 of the caller."


def test_what_each_of_two_observers_heard_alone_is_read():
    story = said(started(), *CALLER[0], "The first.")
    said(story, *CALLER[1], "The second.", connection="conn_2")
    assert [t["text"] for t in report(story.records)["turns"]] == ["The first.", "The second."]


def test_speech_without_an_interval_is_lost_and_whether_it_was_heard_is_not_known():
    document = report(recorded(talk(1)).records)
    assert document["untranscribed_caller_speech_s"] == pytest.approx(4.5, abs=0.3)
    assert document["gap_kind"] == "unknown"
    assert [gap["kind"] for gap in document["gaps"]] == ["unknown"]


def test_speech_after_the_sessions_end_was_not_heard():
    story = started()
    said(story, *CALLER[0], "Turn 0.").frame(ev.SessionClosed, "00:18:35", reason="connection_lost")
    spoken = CALLER[0], ("00:18:36", "00:18:51.8")
    document = report(story.heard("00:18:23", "00:18:52", *spoken).records)
    assert (document["gap_kind"], [g["kind"] for g in document["gaps"]]) == ("not_heard", ["not_heard"])
    assert "truncated" in document["flags"] and document["truncation_basis"] == "recording"


@pytest.mark.parametrize(("by", "until"), [("mute", "00:18:41"), ("fixture", "00:18:41"), ("mute", None)])
def test_what_is_said_while_the_input_is_held_back_is_no_gap(by, until):
    story = said(started(), *CALLER[0], "Turn 0.")
    said(story, *AGENT[1], side="agent")
    document = report(recorded(held(story, by, "00:18:35", until), *CALLER[:2]).records)
    assert (document["untranscribed_caller_speech_s"], document["gap_kind"]) == (0, "none")


def test_a_fixture_that_is_never_said_to_be_over_lasts_half_a_minute_at_most():
    story = held(said(started(), *CALLER[0], "Turn 0."), "fixture", "00:18:03")
    document = report(recorded(story, *CALLER[:2]).records)
    assert document["untranscribed_caller_speech_s"] == pytest.approx(4.5, abs=0.3)


def test_speech_on_either_side_of_a_mute_is_still_lost():
    story = held(said(started(), *CALLER[0], "Turn 0."), "mute", "00:18:37", "00:18:38")
    document = report(recorded(story, *CALLER[:2]).records)
    assert document["untranscribed_caller_speech_s"] == pytest.approx(3.0, abs=0.6)


def reflected(story, *speech, side="caller"):
    return story.reflected("00:18:24", "00:18:51.5", *speech, side=side)


def test_what_the_sideband_reflected_tells_what_the_ai_received():
    received = report(recorded(reflected(talk(1), *CALLER)).records)
    lost = report(recorded(reflected(talk(1), CALLER[0], CALLER[2])).records)
    assert (received["gap_kind"], lost["gap_kind"]) == ("heard_not_transcribed", "not_heard")


def test_without_a_recording_what_was_reflected_is_the_witness_of_the_cut():
    def hung_up(*speech):
        story = said(started(), *CALLER[0], "Turn 0.").api("00:18:51.5", "hangup")
        story.frame(ev.SessionClosed, "00:18:51.7", reason="close_requested")
        return report(reflected(story, *speech).records)

    document = hung_up(CALLER[0], ("00:18:46", "00:18:51.4"))
    assert "truncated" in document["flags"] and document["truncation_basis"] == "ai_audio"
    assert document["gap_kind"] == "heard_not_transcribed"
    assert hung_up(CALLER[0])["truncation_basis"] is None


def test_without_any_ear_nobody_knows_what_was_lost():
    document = report(talk().records)
    assert document["gap_kind"] == "unknown" and "truncated" not in document["flags"]
    assert any("no recording" in reason for reason in document["evidence_missing"])


def test_the_last_reading_of_what_is_billed_stands():
    story = talk().frame(ev.SessionClosed, "00:18:52", reason="remote_hangup", usage_s=29.0)
    assert report(story.records)["session"]["billed_s"] == 29.0


def test_a_clock_is_known_by_the_earliest_text():
    hearing = hear(fold(talk().records))
    assert at(LIVE_ZERO) <= hearing.ai_zero <= at(LIVE_ZERO) + 0.75


def test_a_reply_at_the_very_start_of_the_sessions_clock_was_played():
    story = said(started(), LIVE_ZERO, "00:18:27", "Good morning.", side="agent")
    [session] = fold(story.records).sessions.values()
    [played] = playbacks(session, 100.0)
    assert played[0] == 100.0
