import pytest

from callstore.domain.facts import events as ev
from tests.builders import at, clock
from tests.findings.stories import conversation
from tests.judging import interval, rests_on

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


def test_rests_on_the_recording_and_the_playbacks(find):
    story = _played().frame(ev.ReplyStarted, "00:18:45", response="r3")
    story.heard("00:18:23", "00:18:52", SPOKEN)
    finding = find("mute_agent", story)
    assert rests_on(story, finding) == [
        "recording.analysed 00:18:52", "playback.changed 00:18:25", "playback.changed 00:18:35"
    ]  # fmt: skip
    assert interval(finding) == ("00:18:25", "00:18:39")
    assert (finding.missing, "7.0 s" in finding.says) == ((), True)


def _mute_for(seconds, said=()):
    story = conversation().frame(ev.PlaybackChanged, "00:18:35", response="r1", state="started")
    stop = clock(at("00:18:35") + seconds - at("00:00:00"))
    story.frame(ev.PlaybackChanged, stop, response="r1", state="stopped")
    return story.heard("00:18:23", "00:18:52", SPOKEN, agent=said)


@pytest.mark.parametrize(("seconds", "mute"), [(3.9, False), (4.1, True)])
def test_four_seconds_are_no_breath(find, seconds, mute):
    assert (find("mute_agent", _mute_for(seconds)) is not None) == mute


@pytest.mark.parametrize(("seconds", "mute"), [(7.9, False), (8.1, True)])
def test_of_an_agent_that_was_heard_before_it_takes_eight(find, seconds, mute):
    story = _mute_for(seconds, said=[("00:18:25", "00:18:28")])
    assert (find("mute_agent", story) is not None) == mute


@pytest.mark.parametrize(("voice", "mute"), [(0.9, True), (1.1, False)])
def test_a_tenth_of_voice_is_an_agent_that_is_heard(find, voice, mute):
    story = _mute_for(10, said=[("00:18:37", clock(at("00:18:37") + voice - at("00:00:00")))])
    assert (find("mute_agent", story) is not None) == mute


def test_only_playbacks_after_the_last_one_that_was_heard_count(find):
    story = _mute_for(8.5, said=[("00:18:25.2", "00:18:27.8")])
    story.frame(ev.PlaybackChanged, "00:18:25", response="r0", state="started")
    story.frame(ev.PlaybackChanged, "00:18:28", response="r0", state="stopped")
    finding = find("mute_agent", story)
    assert interval(finding) == ("00:18:35", "00:18:43.500")
    assert rests_on(story, finding) == ["recording.analysed 00:18:52", "playback.changed 00:18:35"]


def test_what_was_played_after_the_recording_is_not_missed_in_it(find):
    story = _played().heard("00:18:23", "00:18:37", SPOKEN)
    assert find("mute_agent", story)
    story = conversation()
    story.frame(ev.PlaybackChanged, "00:18:35", response="r1", state="started")
    story.frame(ev.PlaybackChanged, "00:18:50", response="r1", state="stopped")
    assert find("mute_agent", story.heard("00:18:23", "00:18:38", SPOKEN)) is None


def test_the_agents_echo_on_the_callers_channel_is_its_voice(find):
    story = _played()
    spoken = [("00:18:25.2", "00:18:27.8"), ("00:18:35.2", "00:18:38.8")]
    assert find("mute_agent", story.heard("00:18:23", "00:18:52", SPOKEN, *spoken)) is None


@pytest.mark.parametrize(("stop", "counts"), [("00:18:46.9", False), ("00:18:47.2", True)])
def test_a_playback_of_a_second_that_is_heard_shows_an_agent_that_speaks(find, stop, counts):
    story = _mute_for(8.5, said=[("00:18:25", "00:18:28"), ("00:18:46", stop)])
    story.frame(ev.PlaybackChanged, "00:18:46", response="r2", state="started")
    story.frame(ev.PlaybackChanged, stop, response="r2", state="stopped")
    assert (find("mute_agent", story) is None) == counts


def test_one_mixed_channel_cannot_say_who_is_silent(find):
    assert find("mute_agent", _played().heard("00:18:23", "00:18:52", SPOKEN, channels=1)) is None


@pytest.mark.parametrize(("start", "stop", "mute"), [
    ("00:18:27", "00:18:32.2", False), ("00:18:27", "00:18:32.4", True),
    ("00:18:47.8", "00:18:53", False), ("00:18:47.6", "00:18:53", True),
])  # fmt: skip
def test_at_the_edges_of_the_recording_a_few_tenths_are_not_missed(find, start, stop, mute):
    """It lasts from 00:18:28 to 00:18:52, give or take 0.3 s."""
    story = conversation().frame(ev.PlaybackChanged, start, response="r1", state="started")
    story.frame(ev.PlaybackChanged, stop, response="r1", state="stopped")
    assert (find("mute_agent", story.heard("00:18:28", "00:18:52", SPOKEN)) is not None) == mute
