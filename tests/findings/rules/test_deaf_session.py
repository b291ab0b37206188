import pytest

from callstore.domain.facts import events as ev
from tests.builders import AI, answered_call, at
from tests.findings.stories import ZERO, conversation, cut_off
from tests.judging import interval, rests_on
from tests.live import held, later, said, started, used

SPOKEN = ("00:18:30", "00:18:33"), ("00:18:38", "00:18:50")


def _prompted(story):
    """The session lives, and thinks that nobody is there."""
    story.frame(ev.InputTimedOut, "00:18:42").frame(ev.ReplyStarted, "00:18:42.2", response="r9")
    return story.frame(ev.FrameSeen, "00:18:48", kind="rate_limits.updated")


def test_fires_when_frames_come_and_none_says_that_the_caller_speaks(find, verdict):
    story = _prompted(conversation()).heard("00:18:23", "00:18:52", *SPOKEN)
    assert find("deaf_session", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("ai_deaf", "deaf_session")


def test_whoever_gave_up_in_the_end_ended_it_first(verdict):
    story = answered_call().dial_action("00:18:52.4", status="completed")
    story.turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.")
    story = _prompted(story).heard("00:18:23", "00:18:52", *SPOKEN)
    assert (verdict(story).verdict, verdict(story).ended_first_by) == ("ai_deaf", "caller")


def test_stays_silent_for_a_session_that_fell_silent_itself(find):
    assert find("deaf_session", cut_off()) is None


def test_stays_silent_when_the_session_heard_the_caller_again(find):
    story = _prompted(conversation()).turn("item_2", "00:18:49.5", "00:18:51", ZERO, "Hello?")
    assert find("deaf_session", story.heard("00:18:23", "00:18:52", *SPOKEN)) is None


def test_an_open_socket_alone_is_only_consistent_with_it(find):
    story = conversation().socket_closed("00:18:52", 1006)
    finding = find("deaf_session", story.heard("00:18:23", "00:18:52", *SPOKEN))
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_admits_it_cannot_know_without_a_recording(find):
    assert find("deaf_session", _prompted(conversation())) is None


def test_rests_on_the_recording_the_last_frame_and_the_idle_timeouts(find):
    story = _prompted(conversation()).heard("00:18:23", "00:18:52", *SPOKEN)
    finding = find("deaf_session", story)
    assert rests_on(story, finding) == [
        "recording.analysed 00:18:52", "frame.seen 00:18:48", "input.timed_out 00:18:42"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:38", "00:18:48")
    assert (finding.missing, "10.0 s" in finding.says) == ((), True)


def test_an_open_socket_counts_until_it_closes(find):
    story = conversation().socket_closed("00:18:52", 1006).heard("00:18:23", "00:18:52", *SPOKEN)
    finding = find("deaf_session", story)
    assert rests_on(story, finding)[-1] == "socket.closed 00:18:52"
    assert interval(finding) == ("00:18:38", "00:18:50")


@pytest.mark.parametrize(("until", "deaf"), [("00:18:42.9", False), ("00:18:43.1", True)])
def test_five_seconds_are_no_cough(find, until, deaf):
    story = _prompted(conversation()).heard("00:18:23", "00:18:52", SPOKEN[0], ("00:18:38", until))
    assert (find("deaf_session", story) is not None) == deaf


def test_what_sounds_while_the_agent_speaks_may_be_its_echo(find):
    story = _prompted(conversation())
    story.heard("00:18:23", "00:18:52", *SPOKEN, agent=[("00:18:37", "00:18:45")])
    assert find("deaf_session", story) is None


def test_frames_that_only_cover_a_part_leave_the_rest_to_the_socket(find):
    story = conversation().frame(ev.FrameSeen, "00:18:40").socket_closed("00:18:52", 1006)
    finding = find("deaf_session", story.heard("00:18:23", "00:18:52", *SPOKEN))
    assert (finding.certainty, finding.start) == ("consistent", at("00:18:38"))


@pytest.mark.parametrize("act", ["the leg lived on", "the agent finished", "we hung up"])
def test_a_socket_alone_proves_no_deafness_where_something_else_explains_the_end(find, act):
    story = conversation().socket_closed("00:18:50" if act == "the leg lived on" else "00:18:52", 1006)
    said = {"the agent finished": "session_finished", "we hung up": "hangup_requested"}.get(act)
    if said:
        story.add(f"openai:{AI}", ev.AppSaid(what=said), "00:18:51.5", source="app")
    assert find("deaf_session", story.heard("00:18:23", "00:18:52", *SPOKEN)) is None


def test_a_session_that_never_heard_anybody_is_deaf_from_its_first_event_on(find):
    story = answered_call().dial_action("00:18:52.4").frame(ev.SessionConfigured, "00:18:40", session="s")
    story.frame(ev.FrameSeen, "00:18:50").heard("00:18:23", "00:18:52", ("00:18:30", "00:18:50"))
    assert interval(find("deaf_session", story)) == ("00:18:40", "00:18:50")


def test_one_mixed_channel_cannot_say_whom_it_did_not_hear(find):
    story = _prompted(conversation()).heard("00:18:23", "00:18:52", *SPOKEN, channels=1)
    assert find("deaf_session", story) is None


def test_lasts_from_the_first_to_the_last_of_what_was_not_heard(find):
    spoken = SPOKEN[0], ("00:18:36", "00:18:40"), ("00:18:44", "00:18:47")
    story = _prompted(conversation()).heard("00:18:23", "00:18:52", *spoken)
    assert interval(find("deaf_session", story)) == ("00:18:36", "00:18:47")


SENTENCES = (
    ("00:18:41.5", "Hello, I would like to order two doors for the garage."),
    ("00:18:45", "Hello? Can you hear me?"),
    ("00:18:50", "I said I would like to order two doors. Hello?"),
)


def _transcribed_by_twilio(story):
    for clock, text in SENTENCES:
        story.written(clock, text)
    return story


def test_fires_on_twilios_words_where_there_is_no_recording(find, verdict):
    story = answered_call().dial_action("00:18:52.4", status="completed")
    story.turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.").frame(ev.FrameSeen, "00:18:50.5")
    finding = find("deaf_session", _transcribed_by_twilio(story))
    assert (finding.certainty, finding.missing) == ("shown", ())
    assert [fact for fact in rests_on(story, finding) if fact.startswith("words.heard")]
    judged = verdict(story)
    assert (judged.verdict, judged.ended_first_by) == ("ai_deaf", "caller")


def test_fires_on_twilios_words_where_one_mixed_channel_cannot_say_who_spoke(find):
    story = _transcribed_by_twilio(_prompted(conversation())).frame(ev.FrameSeen, "00:18:50.5")
    assert find("deaf_session", story.heard("00:18:23", "00:18:52", *SPOKEN, channels=1))


def test_stays_silent_where_the_ai_heard_what_twilio_wrote_down(find):
    """Its transcription failed; its detector heard every word."""
    story = _transcribed_by_twilio(conversation()).frame(ev.FrameSeen, "00:18:50.5")
    for number, (start, stop) in enumerate(
        [("00:18:37", "00:18:41"), ("00:18:42.6", "00:18:44.4"), ("00:18:46", "00:18:49.4")]
    ):
        story.turn(f"unwritten_{number}", start, stop, ZERO)
    assert find("deaf_session", story) is None


def test_stays_silent_for_the_agents_words_in_twilios_transcription(find):
    story = conversation().frame(ev.FrameSeen, "00:18:50.5")
    for clock, text in SENTENCES:
        story.written(clock, text, track="outbound_track")
    assert find("deaf_session", story) is None


@pytest.mark.parametrize("recorded", [True, False])
def test_stays_silent_where_nobody_watched_while_the_caller_spoke(find, recorded):
    """The observer's socket was lost and came back: what the AI heard meanwhile nobody saw."""
    story = conversation().socket_closed("00:18:34", 1006).socket_opened("00:18:50", connection="conn_2")
    _transcribed_by_twilio(story).frame(ev.FrameSeen, "00:18:50.5", connection="conn_2")
    if recorded:
        story.heard("00:18:23", "00:18:52", *SPOKEN)
    assert find("deaf_session", story) is None


def test_admits_that_events_which_were_lost_may_have_said_that_it_heard(find):
    story = conversation().frame(ev.FrameSeen, "00:18:38").lose(1)
    for second in range(39, 51):
        story.frame(ev.FrameSeen, f"00:18:{second}")
    finding = find("deaf_session", story.heard("00:18:23", "00:18:52", *SPOKEN))
    assert finding.certainty == "consistent" and "lost on the way" in finding.missing[0]


def _live(*moments):
    story = used(said(started(), "00:18:30", "00:18:33", "Hello."), "00:18:40", "00:18:50")
    for moment in moments:
        said(story, moment, later(moment, 1.5), "Of course.", side="agent")
    return story


UNANSWERED = ("00:18:30", "00:18:33"), ("00:18:36", "00:18:39"), ("00:18:45", "00:18:48")


def test_fires_on_a_live_session_that_wrote_nothing_and_answered_nothing(find):
    story = _live("00:18:34").heard("00:18:23", "00:18:52", *UNANSWERED)
    finding = find("deaf_session", story)
    assert finding.certainty == "consistent" and "no voice detector" in finding.missing[0]
    assert find("deaf_session", _transcribed_by_twilio(_live("00:18:33.5")))


def test_a_live_session_that_asks_into_a_silence_has_not_answered(find):
    assert find("deaf_session", _live("00:18:42").heard("00:18:23", "00:18:52", *UNANSWERED))


def test_stays_silent_for_a_live_session_that_answered_what_it_did_not_write_down(find):
    assert find("deaf_session", _live("00:18:40").heard("00:18:23", "00:18:52", *UNANSWERED)) is None
    assert find("deaf_session", _live().tool("00:18:42").heard("00:18:23", "00:18:52", *UNANSWERED)) is None


def test_stays_silent_for_a_live_session_whose_caller_never_paused(find):
    spoken = SPOKEN[0], ("00:18:38", "00:18:51.5")
    assert find("deaf_session", _live().heard("00:18:23", "00:18:52", *spoken)) is None


def test_a_live_session_that_reflected_nothing_of_the_caller_was_surely_deaf(find):
    story = _live().heard("00:18:23", "00:18:52", SPOKEN[0], ("00:18:38", "00:18:51.5"))
    story.reflected("00:18:23", "00:18:52", ("00:18:30", "00:18:33"))
    assert find("deaf_session", used(story, "00:18:51")).certainty == "shown"


def test_stays_silent_for_a_live_session_that_was_muted(find):
    story = held(_live(), "mute", "00:18:36").heard("00:18:23", "00:18:52", *SPOKEN)
    assert find("deaf_session", story) is None
    assert find("deaf_session", _transcribed_by_twilio(held(_live(), "mute", "00:18:34"))) is None
