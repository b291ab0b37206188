import pytest

from callstore.domain.facts import events as ev
from tests.builders import PARENT, Story, answered_call
from tests.findings.stories import conversation, finished
from tests.judging import interval, rests_on


def _later(story):
    return story.add(f"twilio:{PARENT}", ev.LegSummarised(processing="partial"), "00:30:00")


def test_fires_when_frames_still_come_long_after_the_leg(find):
    story = conversation().frame(ev.FrameSeen, "00:19:10")
    assert find("no_close_notice", story).certainty == "shown"


def test_stays_silent_when_the_close_was_seen(find):
    assert find("no_close_notice", _later(finished())) is None


def test_stays_silent_in_the_first_seconds_after_the_end(find):
    assert find("no_close_notice", conversation()) is None


def test_admits_that_the_observer_may_have_been_gone(find):
    finding = find("no_close_notice", _later(conversation()))
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_rests_on_the_end_and_the_last_frame(find):
    story = conversation().frame(ev.FrameSeen, "00:19:10")
    finding = find("no_close_notice", story)
    assert rests_on(story, finding) == ["leg.status 00:18:52", "frame.seen 00:19:10"]
    assert interval(finding) == ("00:18:52.500", "00:19:02.500")
    assert (finding.missing, "frames still came" in finding.says) == ((), True)


@pytest.mark.parametrize(("clock", "alive"), [("00:19:02.4", False), ("00:19:02.6", True)])
def test_frames_of_the_first_ten_seconds_are_on_their_way(find, clock, alive):
    finding = find("no_close_notice", _later(conversation().frame(ev.FrameSeen, clock)))
    assert finding.certainty == ("shown" if alive else "consistent")


@pytest.mark.parametrize(("clock", "known"), [("00:19:02", False), ("00:19:02.2", True)])
def test_ten_seconds_after_the_end_the_close_should_be_known(find, clock, known):
    """Each fact of a story is received 0.4 s after it happened; the leg ended at 00:18:52.5."""
    story = conversation().add(f"twilio:{PARENT}", ev.LegSummarised(processing="partial"), clock)
    assert (find("no_close_notice", story) is not None) == known


@pytest.mark.parametrize(
    "closed",
    [
        lambda s: s.socket_closed("00:18:53", 1011, sent=1011),
        lambda s: s.socket_closed("00:18:53", 1006),
        lambda s: s.frame(ev.SessionClosed, "00:18:53", kind="session.closed", reason="remote_hangup"),
    ],
    ids=["by us", "without a frame", "by its own word"],
)
def test_stays_silent_for_any_close(find, closed):
    assert find("no_close_notice", _later(closed(conversation()))) is None


def test_claims_nothing_of_a_session_that_nobody_watched(find):
    assert find("no_close_notice", _later(answered_call().offered("00:18:17"))) is None


def test_claims_nothing_of_a_call_that_goes_on(find):
    story = Story().child("in-progress", "00:18:23", sequence=2).frame(ev.FrameSeen, "00:18:30")
    assert find("no_close_notice", _later(story)) is None
