from callstore.domain.facts import events as ev
from tests.builders import PARENT
from tests.findings.stories import conversation, finished


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
