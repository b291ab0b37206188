"""What keeps a finding from deciding, who ended first, and how sure a verdict is."""

import pytest

from callstore.domain.facts import events as ev
from tests.builders import AI, CHILD, PARENT, Story, answered_call
from tests.findings.stories import ZERO, conversation, cut_off, dropped, refused

FIRST = ("00:18:30", "00:18:33")
LONG = "They told me that somebody would call me back about the delivery of last week"


def _bye(story, side, leg=CHILD):
    summary = ev.LegSummarised(processing="complete", disconnected_by=side)
    return story.add(f"twilio:{leg}", summary, "00:30:00")


# --- A witness that is absent


@pytest.mark.parametrize(
    ("code", "decides"),
    [(1000, False), (1011, True), (1012, True), (1013, True), (1014, True), (1015, False)],
)
def test_of_an_application_that_tells_nothing_only_a_fault_at_the_end_is_no_hangup(verdict, code, decides):
    result = verdict(conversation().socket_closed("00:18:50", code, received=code))
    assert result.cause == ("session_closed_early" if decides else None)
    assert result.verdict == ("ai_closed_first" if decides else "inconclusive")


@pytest.mark.parametrize(("clock", "decides"), [("00:18:46.4", False), ("00:18:46.6", True)])
def test_a_close_decides_nothing_where_the_leg_went_on_for_five_seconds(verdict, clock, decides):
    """It cannot have ended before 00:18:51.5."""
    story = conversation().socket_closed(clock, 1011, received=1011)
    assert (verdict(story).cause == "session_closed_early") == decides


def test_an_application_that_tells_what_it_does_did_not_hang_up(verdict):
    story = conversation().api("00:18:20", "accept").socket_closed("00:18:50", 1000, received=1000)
    assert verdict(story).cause == "session_closed_early"


def test_a_close_with_a_reason_is_no_hangup(verdict):
    story = conversation().socket_closed("00:18:50", 1000, received=1000, reason="going away")
    assert verdict(story).cause == "session_closed_early"


@pytest.mark.parametrize("received", [1001, None])
def test_a_socket_cut_with_the_leg_decides_only_by_the_servers_word(verdict, received):
    """Inside an open turn, and nobody knows who left."""
    story = answered_call().turn("item_1", *FIRST, ZERO, "Hello.").api("00:18:22", "accept")
    story.frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)
    story.socket_closed("00:18:52.3", received or 1006, received=received)
    assert verdict(story).cause == ("drop_mid_speech" if received else None)


def test_a_session_that_is_not_found_before_the_end_was_not_cut_by_leaving(verdict):
    story = answered_call().turn("item_1", *FIRST, ZERO, "Hello.").api("00:18:22", "accept")
    story.frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)
    story.socket_closed("00:18:51.8", 1006).socket_opened("00:18:51.4", 404, "conn_2")
    assert verdict(story).cause == "drop_mid_speech"


def test_a_hangup_decides_only_if_no_frame_that_may_name_the_finish_tool_was_lost(verdict):
    story = conversation().frame(ev.FrameSeen, "00:18:46").lose(1).frame(ev.FrameSeen, "00:18:50")
    assert verdict(story.api("00:18:51", "hangup")).cause is None
    story.add(f"openai:{AI}", ev.AppSaid(what="hangup_requested"), "00:18:50.9", source="app")
    assert verdict(story).cause == "app_hangup"


def test_what_the_application_says_otherwise_is_no_word_of_a_hangup(verdict):
    story = answered_call().dial_action("00:18:52.4").api("00:18:51.5", "hangup")
    story.add(f"openai:{AI}", ev.AppSaid(what="log"), "00:18:51.4", source="app")
    assert verdict(story).cause is None


def _unasked():
    """No dial action says who left; the session falls silent after its first turn."""
    return answered_call().turn("item_1", *FIRST, ZERO, "Hello.")


@pytest.mark.parametrize(
    ("story", "decides"),
    [
        (_unasked(), False),
        (_unasked().heard("00:18:23", "00:18:52", FIRST), True),
        (_unasked().heard("00:18:23", "00:18:45", FIRST), False),
        (_unasked().written("00:18:52.4", LONG), True),
        (_unasked().written("00:18:52.4", LONG, track="outbound_track"), False),
        (_unasked().written("00:18:50", LONG, track="outbound_track").written("00:18:52.4", LONG), True),
        (_unasked().dial_action("00:18:52.4"), True),
    ],
    ids=["nothing", "recorded", "recorded in part", "words", "the agent's words", "both", "the dial action"],
)
def test_silence_decides_only_where_somebody_tells_what_was_lost_in_it(verdict, story, decides):
    assert verdict(story).cause == ("silent_session_loss" if decides else None)


def test_other_causes_need_no_such_witness(verdict):
    story = _unasked().frame(ev.SessionErrored, "00:18:40", code="insufficient_quota")
    assert verdict(story).cause == "account_refused"


# --- Without a cause


def test_a_call_that_goes_on_is_live(verdict):
    result = verdict(Story().child("in-progress", "00:18:23", sequence=2))
    assert (result.verdict, result.cause, result.confidence) == ("live", None, "low")


@pytest.mark.parametrize(
    ("action", "status", "cause", "by"),
    [
        ("reject", 200, None, "app"),
        ("reject", 299, None, "app"),
        ("reject", None, None, "app"),
        ("reject", 300, "never_accepted", "unknown"),
        ("reject", 404, "never_accepted", "unknown"),
        ("accept", 500, "accept_refused", "unknown"),
        ("hangup", 200, "never_accepted", "unknown"),
    ],
)
def test_only_a_reject_that_was_taken_is_a_refusal_of_ours(verdict, action, status, cause, by):
    story = refused(603).offered("00:18:17")
    result = verdict(story.api("00:18:17.5", action, status=status))
    assert (result.verdict, result.cause, result.ended_first_by) == ("never_connected", cause, by)
    assert ("application rejected" in result.says) == (by == "app")


def test_a_leg_that_was_refused_after_the_webhook_names_how_it_ended(verdict):
    story = Story().child("busy", "00:18:18", sequence=1).offered("00:18:17")
    result = verdict(story)
    assert (result.verdict, "ended as busy" in result.says) == ("never_connected", True)
    assert result.missing == ("whether the caller was still on the line when the AI leg ended",)


def test_an_inconclusive_call_says_what_would_settle_it(verdict):
    result = verdict(answered_call())
    assert (result.verdict, result.confidence, len(result.whom_to_ask)) == ("inconclusive", "low", 6)


def test_of_a_session_alone_that_was_cut_nobody_knows_who_ended_it(verdict):
    story = Story().turn("item_1", *FIRST, ZERO, "Hello.").socket_closed("00:18:45", 1006)
    assert (verdict(story).verdict, verdict(story).cause) == ("inconclusive", None)


# --- Who ended first


def _deaf(**dial):
    """The session lives and does not hear the caller from 00:18:38 to 00:18:50."""
    story = answered_call().turn("item_1", *FIRST, ZERO, "Hello.").api("00:18:22", "accept")
    story.frame(ev.InputTimedOut, "00:18:42").frame(ev.FrameSeen, "00:18:50")
    return story.dial_action("00:18:52.4", **dial)


@pytest.mark.parametrize(
    ("story", "by"),
    [
        (_deaf(), "unknown"),
        (_deaf().tool("00:18:51").api("00:18:51.5", "hangup"), "ai"),
        (_deaf().api("00:18:51.5", "hangup"), "app"),
        (_deaf().add(f"twilio:{PARENT}", ev.LegChanged(how="redirect"), "00:18:51.6"), "app"),
        (_deaf(status="completed"), "caller"),
        (_deaf().socket_closed("00:18:51", 1000, received=1000), "ai"),
        (_deaf().socket_closed("00:18:52.3", 1000, received=1000), "unknown"),
        (_bye(_deaf(), "callee"), "ai"),
        (_bye(_deaf(), "caller"), "unknown"),
    ],
    ids=[
        "nobody knows", "the agent finished", "we hung up", "we redirected", "the caller left",
        "it closed before", "it closed with the leg", "the BYE was the AI's", "the BYE was Twilio's",
    ],
)  # fmt: skip
def test_a_useless_session_was_ended_by_whoever_gave_it_up(verdict, story, by):
    result = verdict(story.heard("00:18:23", "00:18:52", FIRST, ("00:18:38", "00:18:50")))
    assert (result.verdict, result.ended_first_by) == ("ai_deaf", by)


def test_of_a_deaf_session_without_any_leg_nobody_knows_who_ended_it(verdict):
    story = Story().turn("item_1", *FIRST, ZERO, "Hello.").frame(ev.FrameSeen, "00:18:50")
    story.socket_closed("00:18:52", 1006).heard("00:18:23", "00:18:52", FIRST, ("00:18:38", "00:18:50"))
    assert (verdict(story).verdict, verdict(story).ended_first_by) == ("ai_deaf", "unknown")


# --- How sure


def test_a_finding_that_is_shown_makes_a_sure_verdict_and_one_that_is_not_a_less_sure_one(verdict):
    assert verdict(dropped()).confidence == "high"
    assert verdict(dropped(received=None)).confidence == "medium"


def test_doubt_takes_a_step_off_either(verdict):
    """The caller had said nothing for a while, and Twilio's side sent the BYE."""
    assert verdict(_bye(dropped(), "caller")).confidence == "medium"
    assert verdict(_bye(dropped(received=None), "caller")).confidence == "low"


def test_silence_is_sure_only_with_the_direction_of_the_bye(verdict):
    assert verdict(cut_off()).confidence == "medium"
    assert verdict(_bye(cut_off(), "callee")).confidence == "high"
    quiet = conversation().heard("00:18:23", "00:18:52", FIRST)
    assert verdict(_bye(quiet, "callee")).confidence == "low"


def test_silence_of_a_call_without_an_ai_leg_is_never_sure(verdict):
    story = Story().parent("in-progress", "00:18:23", sequence=2).parent("completed", "00:18:52", sequence=3)
    story.turn("item_1", *FIRST, ZERO, "Hello.")
    story.heard("00:18:23", "00:18:52", FIRST, ("00:18:41", "00:18:52"))
    result = verdict(_bye(story, "callee", PARENT))
    assert (result.verdict, result.confidence, result.ended_first_by) == (
        "ai_silent_first", "medium", "unknown"
    )  # fmt: skip
