import pytest

from callstore.domain.facts import events as ev
from tests.builders import AI, Story
from tests.findings.stories import conversation, finished
from tests.judging import interval, rests_on


def _finished(*caller):
    """The finish tool at 00:18:46, our hang-up, and what the caller said besides the first turn."""
    story = conversation().tool("00:18:46").api("00:18:51.5", "hangup")
    story.socket_closed("00:18:51.8", 1000, received=1000)
    return story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), *caller) if caller else story


def test_fires_when_the_caller_talks_on_after_the_finish_tool(find, verdict):
    story = _finished(("00:18:45", "00:18:52"))
    assert find("false_finish", story).certainty == "shown"
    result = verdict(story)
    assert (result.verdict, result.cause, result.ended_first_by) == ("false_finish", "false_finish", "ai")


def test_fires_when_the_sentence_was_going_on_and_ended_before_the_leg(find):
    assert find("false_finish", _finished(("00:18:44", "00:18:48.5")))


def test_stays_silent_for_a_goodbye(find):
    assert find("false_finish", _finished(("00:18:49", "00:18:50.2"))) is None


def test_stays_silent_for_a_finish_that_nobody_spoke_after(find):
    assert find("false_finish", finished()) is None


def test_admits_that_only_the_ai_heard_it(find):
    story = conversation().frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)
    story.tool("00:18:46").api("00:18:51.5", "hangup")
    finding = find("false_finish", story)
    assert (finding.certainty, finding.missing) == ("consistent", ("a recording of both channels",))


def test_rests_on_the_tool_the_recording_the_last_turn_and_the_hangup(find):
    story = _finished(("00:18:45", "00:18:52"))
    finding = find("false_finish", story)
    assert rests_on(story, finding) == [
        "tool.called 00:18:46", "recording.analysed 00:18:52", "speech.started 00:18:30.200",
        "api.called 00:18:51.500", "leg.status 00:18:52",
    ]  # fmt: skip
    assert interval(finding) == ("00:18:46", "00:18:52")
    assert (finding.missing, "6.0 s" in finding.says) == ((), True)


def test_without_a_recording_it_rests_on_the_turn_alone(find):
    story = conversation().frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)
    story.tool("00:18:46").api("00:18:51.5", "hangup")
    finding = find("false_finish", story)
    assert rests_on(story, finding)[:2] == ["tool.called 00:18:46", "speech.started 00:18:45.200"]
    assert interval(finding) == ("00:18:46", "00:18:52.150")


def test_fires_for_a_sentence_that_began_after_the_tool_and_was_cut(find):
    assert find("false_finish", _finished(("00:18:48", "00:18:52")))


@pytest.mark.parametrize("said", [("00:18:44", "00:18:47.4"), ("00:18:45.8", "00:18:48")])
def test_stays_silent_when_the_sentence_ended_soon_or_began_with_the_tool(find, said):
    """Both were over long before the leg ended."""
    assert find("false_finish", _finished(said)) is None


def test_stays_silent_for_words_that_ended_long_before_the_leg(find):
    assert find("false_finish", _finished(("00:18:47", "00:18:49.8"))) is None
    assert find("false_finish", _finished(("00:18:47", "00:18:50.2")))


def test_stays_silent_for_last_words_that_were_written_down(find):
    """The larger part of them was: the agent answered them, or they were the goodbye."""
    story = conversation().tool("00:18:46").turn("item_2", "00:18:48", "00:18:50.5", "00:18:23.3", "Bye.")
    story.api("00:18:51.5", "hangup").socket_closed("00:18:51.8", 1000, received=1000)
    story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:48", "00:18:51.5"))
    assert find("false_finish", story) is None


def test_fires_when_less_than_half_of_the_last_words_was_written_down(find):
    story = conversation().tool("00:18:46").turn("item_2", "00:18:48", "00:18:49.5", "00:18:23.3", "Wait.")
    story.api("00:18:51.5", "hangup").socket_closed("00:18:51.8", 1000, received=1000)
    story.heard("00:18:23", "00:18:52", ("00:18:30", "00:18:33"), ("00:18:48", "00:18:52"))
    assert find("false_finish", story)


@pytest.mark.parametrize(("until", "talks"), [("00:18:51.4", False), ("00:18:51.6", True)])
def test_a_goodbye_is_shorter_than_a_second_and_a_half(find, until, talks):
    assert (find("false_finish", _finished(("00:18:50", until))) is not None) == talks


def test_claims_nothing_of_a_call_that_goes_on(find):
    story = Story().child("in-progress", "00:18:23", sequence=2)
    story.turn("item_1", "00:18:30", "00:18:33", "00:18:23.3").tool("00:18:30.5")
    assert find("false_finish", story) is None


def test_a_sentence_that_began_four_tenths_before_the_tool_was_going_on(find):
    assert find("false_finish", _finished(("00:18:45.6", "00:18:48.5")))


def test_two_short_remarks_are_no_sentence_that_goes_on(find):
    assert find("false_finish", _finished(("00:18:44", "00:18:47"), ("00:18:48", "00:18:48.8"))) is None


def test_of_several_the_last_words_are_those_that_were_lost(find):
    story = conversation().tool("00:18:46").turn("item_2", "00:18:47", "00:18:48.5", "00:18:23.3", "Wait.")
    story.api("00:18:51.5", "hangup").socket_closed("00:18:51.8", 1000, received=1000)
    story.heard(
        "00:18:23",
        "00:18:52",
        ("00:18:30", "00:18:33"),
        ("00:18:47", "00:18:48.5"),
        ("00:18:49.5", "00:18:52"),
    )
    assert find("false_finish", story)


def test_a_recording_that_did_not_hear_it_is_no_evidence_of_it(find):
    story = conversation().frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)
    story.tool("00:18:46").api("00:18:51.5", "hangup").heard("00:18:23", "00:18:40", ("00:18:30", "00:18:33"))
    finding = find("false_finish", story)
    assert finding.certainty == "consistent"
    assert not [fact for fact in rests_on(story, finding) if fact.startswith("recording")]


def test_the_applications_word_and_the_recording_need_no_session(find):
    story = Story().child("in-progress", "00:18:23", sequence=2).child("completed", "00:18:52", sequence=3)
    story.add(f"openai:{AI}", ev.AppSaid(what="session_finished"), "00:18:46", source="app")
    story.heard("00:18:23", "00:18:52", ("00:18:45", "00:18:52"))
    assert rests_on(story, find("false_finish", story)) == [
        "app.said 00:18:46", "recording.analysed 00:18:52", "leg.status 00:18:52"
    ]  # fmt: skip


def test_a_session_alone_ends_with_its_close(find):
    story = Story().frame(ev.SpeechStarted, "00:18:45.2", item="item_2", audio_ms=21400.0)
    finding = find("false_finish", story.tool("00:18:46").socket_closed("00:18:51", 1006))
    assert interval(finding) == ("00:18:46", "00:18:51")
