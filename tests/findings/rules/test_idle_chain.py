import pytest

from callstore.domain.facts import events as ev
from tests.builders import Story, answered_call, at
from tests.findings.stories import ZERO, conversation, cut_off
from tests.judging import interval, rests_on


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


def test_rests_on_the_timeouts_and_the_end(find):
    story = _idle().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"))
    finding = find("idle_chain", story)
    assert rests_on(story, finding) == [
        "input.timed_out 00:18:41", "input.timed_out 00:18:49", "leg.status 00:18:52"
    ]  # fmt: skip
    assert interval(finding)[0] == "00:18:41" and finding.end > at("00:18:51.5")
    assert (finding.missing, "fired 2 times" in finding.says) == ((), True)


@pytest.mark.parametrize(("until", "there"), [("00:18:45.4", False), ("00:18:45.5", True)])
def test_a_second_and_a_half_of_speech_is_a_caller_who_was_there(find, until, there):
    story = _idle().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:44", until))
    assert (find("idle_chain", story) is None) == there


@pytest.mark.parametrize(("end", "late"), [("00:19:40", True), ("00:19:42", False)])
def test_only_timeouts_of_the_last_minute_count(find, end, late):
    story = answered_call(child_end=end, parent_end=end).frame(ev.InputTimedOut, "00:18:41")
    assert (find("idle_chain", story) is not None) == late


def test_a_recording_that_stops_early_leaves_the_end_open(find):
    finding = find("idle_chain", _idle().heard("00:18:23", "00:18:44", ("00:18:30", "00:18:33")))
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_speech_before_the_first_timeout_is_no_answer_to_it(find):
    story = _idle().heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:36", "00:18:40"))
    assert find("idle_chain", story)


def test_claims_nothing_of_a_call_that_goes_on(find):
    story = Story().child("in-progress", "00:18:23", sequence=2).frame(ev.InputTimedOut, "00:18:41")
    assert find("idle_chain", story) is None
