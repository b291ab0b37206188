from callstore.domain.facts import events as ev
from tests.findings.stories import conversation, finished


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
