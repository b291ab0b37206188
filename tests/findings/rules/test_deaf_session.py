from callstore.domain.facts import events as ev
from tests.builders import answered_call
from tests.findings.stories import ZERO, conversation, cut_off

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
