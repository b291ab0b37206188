from callstore.domain.facts import events as ev
from tests.findings.stories import ZERO, conversation, cut_off


def _idle():
    return conversation().frame(ev.InputTimedOut, "00:18:41").frame(ev.InputTimedOut, "00:18:49")


def test_fires_when_the_timeout_fired_and_the_caller_was_silent(find):
    story = _idle().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"))
    assert find("idle_chain", story).certainty == "shown"


def test_stays_silent_when_the_recording_has_speech(find):
    story = _idle().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:42", "00:18:48"))
    assert find("idle_chain", story) is None


def test_stays_silent_when_the_caller_answered_the_prompt(find):
    assert find("idle_chain", _idle().turn("item_2", "00:18:44", "00:18:47", ZERO, "I am here.")) is None


def test_stays_silent_when_no_timeout_fired(find):
    assert find("idle_chain", cut_off()) is None


def test_admits_that_without_a_recording_the_ai_may_have_been_deaf(find):
    finding = find("idle_chain", _idle())
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)
