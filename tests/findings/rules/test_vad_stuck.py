from callstore.domain.facts import events as ev
from tests.builders import Story, answered_call

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
