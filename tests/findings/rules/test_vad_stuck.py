import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story, answered_call
from tests.judging import interval, rests_on

LATE = dict(child_end="00:19:30", parent_end="00:19:30")


def _open_turn() -> Story:
    story = answered_call(**LATE).frame(ev.SpeechStarted, "00:18:30", item="item_1", audio_ms=6500.0)
    return story.frame(ev.FrameSeen, "00:19:20")


def test_fires_when_a_turn_stays_open_and_hardly_anybody_speaks(find):
    story = _open_turn().heard("00:18:23", "00:19:30", ("00:18:30", "00:18:33"))
    assert find("vad_stuck", story).certainty == "shown"


def test_stays_silent_for_a_caller_who_does_speak_that_long(find):
    story = _open_turn().heard("00:18:23", "00:19:30", ("00:18:30", "00:19:20"))
    assert find("vad_stuck", story) is None


def test_stays_silent_when_the_session_was_gone_soon_after(find):
    story = answered_call(**LATE).frame(ev.SpeechStarted, "00:18:30", item="item_1", audio_ms=6500.0)
    assert find("vad_stuck", story.socket_closed("00:18:35", 1011, received=1011)) is None


def test_admits_that_without_a_recording_the_caller_may_have_spoken(find):
    finding = find("vad_stuck", _open_turn())
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_rests_on_the_turn_and_the_last_event_that_shows_it_open(find):
    story = _open_turn().heard("00:18:23", "00:19:30", ("00:18:30", "00:18:33"))
    finding = find("vad_stuck", story)
    assert rests_on(story, finding) == ["speech.started 00:18:30", "frame.seen 00:19:20"]
    assert interval(finding) == ("00:18:30", "00:19:20")
    assert (finding.missing, "for 50 s" in finding.says) == ((), True)


@pytest.mark.parametrize(("clock", "stuck"), [("00:18:59.9", False), ("00:19:00.1", True)])
def test_half_a_minute_without_a_pause_is_nobody_speaking(find, clock, stuck):
    story = answered_call(**LATE).frame(ev.SpeechStarted, "00:18:30", item="item_1", audio_ms=6500.0)
    story.frame(ev.SpeechStopped, clock, item="item_1", audio_ms=36500.0).frame(ev.FrameSeen, "00:19:20")
    finding = find("vad_stuck", story)
    assert (finding and rests_on(story, finding)[1]) == (f"speech.stopped {clock}00" if stuck else None)


@pytest.mark.parametrize("closing", [ev.SpeechStopped, ev.TurnCommitted])
def test_a_turn_that_was_closed_in_time_is_none(find, closing):
    story = answered_call(**LATE).frame(ev.SpeechStarted, "00:18:30", item="item_1", audio_ms=6500.0)
    fields = {"audio_ms": 9500.0} if closing is ev.SpeechStopped else {}
    story.frame(closing, "00:18:34", item="item_1", **fields)
    assert find("vad_stuck", story.frame(ev.FrameSeen, "00:19:20")) is None


def test_more_than_half_of_it_spoken_is_a_caller_who_speaks(find):
    """The turn was open for 50 s, of which the first three and some more were spoken."""
    for until, stuck in (("00:19:16.5", True), ("00:19:17.5", False)):
        story = _open_turn().heard("00:18:23", "00:19:30", ("00:18:30", "00:18:33"), ("00:18:55", until))
        assert (find("vad_stuck", story) is not None) == stuck


def test_a_turn_after_an_ordinary_one_is_found_too(find):
    story = answered_call(**LATE).turn("item_0", "00:18:24", "00:18:26", "00:18:23.3", "Hello.")
    story.frame(ev.SpeechStarted, "00:18:30", item="item_1", audio_ms=6500.0).frame(ev.FrameSeen, "00:19:20")
    story.heard("00:18:23", "00:19:30", ("00:18:24", "00:18:26"))
    assert interval(find("vad_stuck", story)) == ("00:18:30", "00:19:20")


def test_a_turn_whose_beginning_is_not_known_is_passed_over(find):
    story = answered_call(**LATE).frame(ev.SpeechStopped, "00:19:10", item="item_1", audio_ms=46500.0)
    assert find("vad_stuck", story) is None
    assert find("vad_stuck", answered_call(**LATE)) is None


def test_of_two_stuck_turns_the_first_is_told(find):
    story = answered_call(**LATE).frame(ev.SpeechStarted, "00:18:25", item="item_0", audio_ms=1500.0)
    story.frame(ev.SpeechStopped, "00:18:58", item="item_0", audio_ms=34500.0)
    story.frame(ev.SpeechStarted, "00:18:59", item="item_1", audio_ms=35500.0)
    story.frame(ev.SpeechStopped, "00:19:29", item="item_1", audio_ms=65500.0)
    assert interval(find("vad_stuck", story)) == ("00:18:25", "00:18:58")


def test_one_mixed_channel_cannot_say_that_it_was_the_caller_who_spoke(find):
    story = _open_turn().heard("00:18:23", "00:19:30", ("00:18:30", "00:19:20"), channels=1)
    assert find("vad_stuck", story).certainty == "consistent"
