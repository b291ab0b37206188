"""Who could have ended the call, and in what order that can be told."""

import pytest

from callstore.domain.analysis.ending import ending
from callstore.domain.analysis.hearing import hear
from callstore.domain.call.fold import fold
from callstore.domain.facts import events as ev
from callstore.report.report import report
from tests.builders import Story, answered_call
from tests.findings.stories import ZERO, conversation, cut_off, dropped, left


def ended(story):
    call = fold(story.records)
    return ending(call, hear(call))


def _same_second():
    """Nothing says who left: both legs end in one second and no action was asked."""
    return answered_call().turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.")


def test_a_hangup_after_the_session_had_closed_tidies_up():
    story = conversation().socket_closed("00:18:47", 1011, received=1011).api("00:18:49", "hangup")
    assert ended(story).hangup is None
    assert report(story.records)["cause"] == "session_closed_early"


def test_a_hangup_whose_answer_is_logged_just_after_the_close_ended_the_call():
    story = conversation().socket_closed("00:18:51.2", 1000, received=1000).api("00:18:51.5", "hangup")
    assert report(story.records)["verdict"] == "app_ended"


def test_who_leaves_a_session_that_was_gone_did_not_end_it_first():
    story = answered_call().dial_action("00:18:52.4", status="completed")
    story.turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.").socket_closed(
        "00:18:40", 1011, received=1011
    )
    story.socket_opened("00:18:42", 404, "conn_2")
    document = report(story.records)
    assert (document["verdict"], document["ended_first_by"]) == ("ai_closed_first", "ai")
    assert "truncated" not in document["flags"]


def test_a_socket_lost_without_a_word_does_not_take_the_blame_from_who_left():
    story = answered_call().dial_action("00:18:52.4", status="completed")
    story.turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.").socket_closed("00:18:40", 1006)
    assert report(story.records)["verdict"] == "caller_hung_up"


def test_a_caller_who_talks_to_nobody_proves_that_the_session_was_gone():
    story = answered_call().dial_action("00:18:52.4", status="completed")
    story.turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.").socket_closed("00:18:40", 1006)
    story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:42", "00:18:48"))
    assert report(story.records)["verdict"] == "ai_closed_first"


@pytest.mark.parametrize(
    ("reason", "verdict", "cause"),
    [
        ("close_requested", "app_ended", "app_hangup"),
        ("remote_hangup", "inconclusive", None),
        ("connection_lost", "ai_closed_first", "session_closed_early"),
        ("expired", "limit_reached", "max_duration"),
        ("content", "ai_closed_first", "content_filter"),
    ],
)
def test_the_live_apis_own_reason_decides(reason, verdict, cause):
    story = _same_second().frame(ev.SessionClosed, "00:18:50", kind="session.closed", reason=reason)
    document = report(story.records)
    assert (document["verdict"], document["cause"], document["ai_close_reason"]) == (verdict, cause, reason)


def test_a_sip_peer_that_left_is_twilio_and_never_the_ai():
    """Our own verb may have taken the leg away: only the caller's leg tells."""
    story = conversation().frame(ev.SessionClosed, "00:18:45", kind="session.closed", reason="remote_hangup")
    story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:46", "00:18:51.8"))
    assert report(story.records)["ended_first_by"] != "ai"
    unknown = _same_second().frame(
        ev.SessionClosed, "00:18:50", kind="session.closed", reason="remote_hangup"
    )
    document = report(unknown.records)
    assert (document["verdict"], document["ended_first_by"]) == ("inconclusive", "unknown")
    assert any("still on the line" in reason for reason in document["evidence_missing"])
    story = left().frame(ev.SessionClosed, "00:18:52", kind="session.closed", reason="remote_hangup")
    assert report(story.records)["verdict"] == "caller_hung_up"


def test_frames_that_were_lost_may_have_held_the_finish_tool():
    story = conversation()
    for clock in ("00:18:46", "00:18:47", "00:18:48"):
        story.frame(ev.FrameSeen, clock)
    story.records = [r for r in story.records if r.occurred.at % 60 != 47]
    story.api("00:18:51", "hangup")
    document = report(story.records)
    assert (document["verdict"], document["cause"]) == ("inconclusive", None)
    assert any("lost on the way: 1" in reason for reason in document["evidence_missing"])


def test_frames_that_are_left_out_on_purpose_are_not_lost():
    story = conversation()
    for number in range(40):
        story.frame(ev.FrameSeen, f"00:18:{35 + number / 4:06.3f}")
    story.records = [r for r in story.records if (r.sequence or 0) % 2 or r.sequence is None]
    assert ended(story).lost == 0


def test_a_turn_is_over_when_its_text_a_reply_or_another_turn_came():
    assert [t.item for t in ended(dropped()).open_turns] == ["item_2"]
    for frame in (
        (ev.TurnTranscribed, {"item": "item_2", "final": True, "text": "Yes."}),
        (ev.ReplyStarted, {"response": "r2"}),
        (ev.SpeechStarted, {"item": "item_3", "audio_ms": 25_000.0}),
    ):
        story = dropped().frame(frame[0], "00:18:50", **frame[1])
        assert "item_2" not in [t.item for t in ended(story).open_turns]


def test_silence_is_measured_to_where_the_recording_ends():
    assert ended(cut_off()).silence_s == pytest.approx(13.0, abs=0.35)


def test_two_moments_within_their_uncertainty_are_not_ordered():
    assert not ended(_same_second().socket_closed("00:18:52.2", 1006)).surely_after(ended(left()).moment)
    document = report(_same_second().socket_closed("00:18:52.2", 1006).records)
    assert (document["verdict"], document["ended_first_by"]) == ("inconclusive", "unknown")


def test_an_attempt_to_attach_again_that_finds_no_session_proves_the_close():
    story = conversation().socket_closed("00:18:44", 1006)
    assert report(story.records)["verdict"] == "inconclusive"
    story.socket_opened("00:18:45", 404, "conn_2")
    assert report(story.records)["cause"] == "session_closed_early"
    assert report(story.records)["verdict_confidence"] == "high"


def test_a_conversation_that_goes_on_was_not_finished():
    story = answered_call(child_end="00:18:58", parent_end="00:19:01").dial_action("00:18:58.4")
    story.tool("00:18:32")
    for number, (start, stop) in enumerate([("00:18:34", "00:18:36"), ("00:18:40", "00:18:42")]):
        story.turn(f"item_{number}", start, stop, ZERO, "Wait.")
        story.frame(ev.ReplyStarted, f"{stop}.7", response=f"r{number}")
    assert ended(story).finish is None


def test_a_close_at_the_end_may_follow_a_hangup_that_nobody_told():
    story = conversation().socket_closed("00:18:51", 1000, received=1000)
    document = report(story.records)
    assert document["verdict"] == "inconclusive"
    assert any("what the application did" in reason for reason in document["evidence_missing"])
    assert report(story.api("00:18:22", "accept").records)["cause"] == "session_closed_early"
    assert report(conversation().socket_closed("00:18:51", 1011, received=1011).records)["cause"]


def test_a_session_whose_legs_are_not_known_is_over_when_it_closed():
    story = Story().frame(ev.FrameSeen, "00:18:30").socket_closed("00:18:40", 1000, received=1000)
    assert report(story.records)["verdict"] == "inconclusive"
    assert report(Story().frame(ev.FrameSeen, "00:18:30").records)["verdict"] == "live"
