"""What the AI's side answers: each question on the smallest story, and the verdicts that it speaks for."""

import pytest

from callstore.domain.facts import events as ev
from callstore.verdict.evidence import AI, CALLER, LIMIT, NOTHING, OURS, REFUSED, USELESS
from tests.builders import AI as SESSION
from tests.builders import PARENT, Story, answered_call
from tests.findings.stories import ZERO, conversation, cut_off, finished, left, refused
from tests.judging import interval, rests_on

OFFERED = "OpenAI asked our application"
CLOSED = "AI session closed"
LAST = "Last AI event before the leg's end"
HEARD = "AI heard that speech"
AUDIBLE = "Agent heard while its audio was played"
SPOKEN = ("00:18:30", "00:18:33"), ("00:18:41", "00:18:52")


def test_a_leg_that_was_refused_without_a_webhook_was_not_offered(check):
    row = check(OFFERED, refused())
    assert (row.finding, row.speaks_for) == ("No webhook came.", REFUSED | CALLER)
    assert (rests_on(refused(), row), interval(row)) == (["leg.status 00:18:18"], ("00:18:18", None))
    assert check(OFFERED, refused().api("00:18:18", "accept", status=404)).speaks_for == REFUSED | CALLER


def test_a_webhook_that_came_says_nothing_of_who_refused(check):
    story = refused().offered("00:18:17")
    row = check(OFFERED, story)
    assert (row.finding, row.speaks_for) == ("Yes: its webhook came.", NOTHING)
    assert (rests_on(story, row), interval(row)) == (["session.offered 00:18:17"], ("00:18:17", None))


def test_whether_the_application_was_asked_is_no_question_of_a_leg_that_was_answered_or_still_rings(check):
    assert check(OFFERED, answered_call()) is None
    assert check(OFFERED, Story().child("ringing", "00:18:17", sequence=1)) is None


def test_a_close_is_missing_where_a_session_was_and_none_was_seen(check):
    assert check(CLOSED, conversation()).speaks_for is None
    assert check(CLOSED, answered_call()) is None  # never accepted, as far as is known


def test_the_servers_close_speaks_for_the_ai_or_a_limit(check):
    story = conversation().socket_closed("00:18:47", 1001, received=1001, reason="going away")
    row = check(CLOSED, story)
    assert row.finding == "Closed with 1001 (going away); the server said so."
    assert row.speaks_for == AI | LIMIT | USELESS
    assert (rests_on(story, row), interval(row)) == (["socket.closed 00:18:47"], ("00:18:47", None))


def test_a_session_that_is_not_found_any_more_is_part_of_its_close(check):
    story = conversation().socket_closed("00:18:45", 1006).socket_opened("00:18:46", 404, "conn_2")
    row = check(CLOSED, story)
    assert row.finding == "Closed with 1006; no close frame."
    assert rests_on(story, row) == ["socket.closed 00:18:45", "socket.opened 00:18:46"]


def test_a_close_may_have_no_code(check):
    story = conversation().frame(ev.SessionClosed, "00:18:45", kind="session.closed", reason="expired")
    assert check(CLOSED, story).finding == "Closed (expired); the server said so."


@pytest.mark.parametrize(
    "ours",
    [
        lambda s: s.tool("00:18:50"),
        lambda s: s.add(f"openai:{SESSION}", ev.AppSaid(what="hangup_requested"), "00:18:51", source="app"),
        lambda s: s.add(f"twilio:{PARENT}", ev.LegChanged(how="redirect"), "00:18:51.6"),
    ],
    ids=["finish", "hang-up", "redirect"],
)
def test_a_close_that_follows_an_act_of_ours_speaks_for_it(check, ours):
    story = ours(conversation()).socket_closed("00:18:51.8", 1000, received=1000)
    assert check(CLOSED, story).speaks_for == OURS | LIMIT | USELESS


def test_a_close_that_follows_the_caller_speaks_for_the_caller(check):
    assert check(CLOSED, left()).speaks_for == CALLER | LIMIT | USELESS


def test_an_observers_loss_is_no_close_of_the_session(check):
    story = conversation().socket_closed("00:18:35", 1006).socket_opened("00:18:36", 101, "conn_2")
    row = check(CLOSED, story)
    assert (row.speaks_for, "with 1006" in row.finding) == (NOTHING, True)
    assert rests_on(story, row) == ["socket.closed 00:18:35", "socket.opened 00:18:36"]


def test_silence_speaks_against_whoever_needs_a_session_that_lives(check):
    row = check(LAST, conversation())
    assert row.finding == "frame, 18.6 s before the leg ended."
    assert row.speaks_for == AI | LIMIT | REFUSED
    assert rests_on(conversation(), row) == ["turn.transcribed 00:18:33.900", "leg.status 00:18:52"]
    assert interval(row) == ("00:18:33.900", "00:18:52.500")


def test_silence_after_an_act_of_ours_is_no_sign_of_anything(check):
    assert check(LAST, finished()).speaks_for == NOTHING


def test_a_session_that_spoke_to_the_end_did_not_fall_silent_first(check):
    story = conversation().frame(ev.FrameSeen, "00:18:51.8")
    everybody = AI | OURS | CALLER | LIMIT | REFUSED
    assert check(LAST, story).speaks_for == everybody - {"ai_silent_first"}


def test_an_answered_leg_lacks_the_events_of_a_session_that_nobody_watched(check):
    unwatched = (
        Story().child("in-progress", "00:18:23", sequence=2).child("completed", "00:18:52", sequence=3)
    )
    for story in (answered_call(), unwatched):
        assert check(LAST, story).speaks_for is None
    assert check(LAST, refused()) is None


def test_there_is_no_last_event_of_a_call_that_goes_on(check):
    story = Story().child("in-progress", "00:18:23", sequence=2).frame(ev.FrameSeen, "00:18:30")
    assert check(LAST, story) is None


def test_speech_that_no_detector_noticed_speaks_for_the_ai(check):
    row = check(HEARD, cut_off())
    assert (row.speaks_for, row.finding.startswith("No: 11.0 s")) == (AI, True)
    assert (rests_on(cut_off(), row), interval(row)) == (
        ["recording.analysed 00:18:52"], ("00:18:41", "00:18:52")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("heard_until", "speaks_for"), [("00:18:45", AI), ("00:18:47.500", NOTHING), ("00:18:50", NOTHING)]
)
def test_the_larger_part_of_what_was_lost_decides(check, heard_until, speaks_for):
    """The AI heard the first seconds of eleven and wrote down none."""
    story = (
        conversation().turn("item_2", "00:18:41", heard_until, ZERO).heard("00:18:23", "00:18:52", *SPOKEN)
    )
    row = check(HEARD, story)
    assert row.speaks_for == speaks_for
    assert (rests_on(story, row), interval(row)) == (
        ["recording.analysed 00:18:52"], ("00:18:41", "00:18:52")
    )  # fmt: skip


def test_more_than_a_word_must_go_unheard_and_be_most_of_what_was_lost(check):
    """Of two seconds that were lost the AI heard the first three quarters of one."""
    story = conversation().turn("item_2", "00:18:41", "00:18:41.5", ZERO)
    assert check(HEARD, story.heard("00:18:23", "00:18:52", SPOKEN[0], ("00:18:41", "00:18:43"))) is None


def test_two_losses_are_told_from_the_first_to_the_last(check):
    story = conversation().heard("00:18:23", "00:18:52", *SPOKEN, ("00:18:36", "00:18:38"))
    assert interval(check(HEARD, story)) == ("00:18:36", "00:18:52")


def test_a_word_that_was_lost_says_nothing(check):
    story = conversation().heard("00:18:23", "00:18:52", SPOKEN[0], ("00:18:41", "00:18:42.4"))
    assert check(HEARD, story) is None


def test_one_mixed_channel_answers_neither_question(check):
    story = _played().heard("00:18:23", "00:18:52", *SPOKEN, channels=1)
    assert check(HEARD, story) is None and check(AUDIBLE, story) is None


def _played():
    story = conversation()
    for response, start, stop in (("r1", "00:18:25", "00:18:28"), ("r2", "00:18:35", "00:18:39")):
        story.frame(ev.PlaybackChanged, start, response=response, state="started")
        story.frame(ev.PlaybackChanged, stop, response=response, state="stopped")
    return story


def test_playback_that_is_not_in_the_recording_speaks_for_a_mute_ai(check):
    story = _played().heard("00:18:23", "00:18:52", SPOKEN[0])
    row = check(AUDIBLE, story)
    assert (row.finding, row.speaks_for) == ("No: 0.0 s of 7.0 s.", {"ai_mute"})
    assert (rests_on(story, row), interval(row)) == (
        ["recording.analysed 00:18:52"], ("00:18:25", "00:18:39")
    )  # fmt: skip


def test_an_agent_that_is_heard_says_nothing_of_the_end(check):
    story = _played().heard(
        "00:18:23", "00:18:52", SPOKEN[0], agent=[("00:18:25", "00:18:27"), ("00:18:35", "00:18:39")]
    )
    row = check(AUDIBLE, story)
    assert (row.finding, row.speaks_for) == ("Yes: 6.0 s of 7.0 s.", NOTHING)


def test_only_what_was_played_while_it_was_recorded_can_be_heard(check):
    early = _played().heard("00:18:26", "00:18:52", SPOKEN[0])
    assert interval(check(AUDIBLE, early))[0] == "00:18:26"
    late = conversation().frame(ev.PlaybackChanged, "00:18:46", response="r", state="started")
    late.frame(ev.PlaybackChanged, "00:18:49", response="r", state="stopped")
    assert check(AUDIBLE, late.heard("00:18:23", "00:18:44", SPOKEN[0])) is None


def test_without_a_playback_or_a_recording_nobody_asks_whether_the_agent_was_heard(check):
    assert check(AUDIBLE, cut_off()) is None
    assert check(AUDIBLE, _played()) is None
