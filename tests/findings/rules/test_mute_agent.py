from callstore.domain.facts import events as ev
from tests.findings.stories import conversation

SPOKEN = ("00:18:30", "00:18:33")


def _played(story=None):
    story = story or conversation()
    for response, start, stop in (("r1", "00:18:25", "00:18:28"), ("r2", "00:18:35", "00:18:39")):
        story.frame(ev.PlaybackChanged, start, response=response, state="started")
        story.frame(ev.PlaybackChanged, stop, response=response, state="stopped")
    return story.frame(ev.FrameSeen, "00:18:51")


def test_fires_when_nothing_of_what_was_played_is_in_the_recording(find, verdict):
    story = _played().heard("00:18:23", "00:18:52", SPOKEN)
    assert find("mute_agent", story).certainty == "shown"
    assert (verdict(story).verdict, verdict(story).cause) == ("ai_mute", "mute_agent")


def test_stays_silent_for_an_agent_that_is_heard(find):
    said = [("00:18:25.2", "00:18:27.8"), ("00:18:35.2", "00:18:38.8")]
    assert find("mute_agent", _played().heard("00:18:23", "00:18:52", SPOKEN, agent=said)) is None


def test_stays_silent_when_only_an_early_reply_went_missing(find):
    said = [("00:18:35.2", "00:18:38.8")]
    assert find("mute_agent", _played().heard("00:18:23", "00:18:52", SPOKEN, agent=said)) is None


def test_admits_that_nothing_fixes_the_recordings_clock(find):
    from tests.builders import answered_call

    finding = find("mute_agent", _played(answered_call()).heard("00:18:23", "00:18:52"))
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_claims_nothing_without_a_recording(find):
    assert find("mute_agent", _played()) is None
