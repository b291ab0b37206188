from callstore.domain.facts import events as ev
from tests.builders import Story
from tests.findings.stories import ZERO


def _given_up(status="canceled"):
    """The caller's leg is over at 00:18:18; the accept comes five seconds later."""
    story = Story().asked("00:17:52.3").child("initiated", "00:18:17", sequence=0).offered("00:18:17")
    story.parent(status, "00:18:18", sequence=0).child("in-progress", "00:18:23", sequence=1)
    story.api("00:18:23", "accept").frame(ev.SessionConfigured, "00:18:24", session="s")
    return story.child("completed", "00:18:40", sequence=2)


def test_fires_when_the_accept_came_after_the_caller_had_gone(find, verdict):
    assert find("ghost_call", _given_up()).certainty == "shown"
    assert (verdict(_given_up()).verdict, verdict(_given_up()).cause) == ("never_connected", "ghost_call")


def test_stays_silent_when_the_session_heard_somebody(find):
    story = _given_up().turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello?")
    assert find("ghost_call", story) is None


def test_stays_silent_when_the_two_are_within_the_same_second(find):
    story = Story().asked("00:17:52.3").child("in-progress", "00:18:23", sequence=1).offered("00:18:17")
    story.parent("completed", "00:18:23", sequence=0).api("00:18:23.8", "accept")
    assert find("ghost_call", story.child("completed", "00:18:24", sequence=2)) is None


def test_admits_that_only_a_recording_would_tell_of_a_caller_who_left_answered(find):
    finding = find("ghost_call", _given_up("completed"))
    assert (finding.certainty, finding.missing) == ("consistent", ("a recording of both channels",))
