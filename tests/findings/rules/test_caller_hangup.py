from tests.builders import Story, answered_call
from tests.findings.stories import ZERO, cut_off, left
from tests.judging import interval, rests_on


def test_fires_when_the_dial_action_finds_the_parent_gone(find):
    assert find("caller_hangup", left()).certainty == "shown"


def test_stays_silent_when_the_caller_was_still_on_the_line(find):
    assert find("caller_hangup", cut_off()) is None


def test_order_alone_is_only_consistent_with_it(find):
    story = answered_call(child_end="00:18:55", parent_end="00:18:52")
    finding = find("caller_hangup", story)
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_admits_it_cannot_order_two_ends_within_the_same_second(find):
    assert find("caller_hangup", answered_call()) is None


def test_rests_on_the_dial_action_and_the_end_of_the_leg(find):
    finding = find("caller_hangup", left())
    assert rests_on(left(), finding) == ["dial.finished 00:18:52.400", "leg.status 00:18:52"]
    assert interval(finding) == ("00:18:52", "00:18:53")
    assert (finding.missing, "caller had left" in finding.says) == ((), True)


def test_a_call_without_an_ai_leg_was_left_by_its_caller(find):
    story = Story().asked("00:17:52").parent("completed", "00:18:10", sequence=0)
    finding = find("caller_hangup", story)
    assert finding.says == "The parent leg ended without our hanging up."
    assert rests_on(story, finding) == ["leg.status 00:18:10"]


def test_stays_silent_when_the_session_had_deserted_the_caller_before(find):
    story = answered_call().dial_action("00:18:52.4", status="completed").api("00:18:20", "accept")
    story.turn("item_1", "00:18:30", "00:18:33", ZERO, "Hello.").socket_closed(
        "00:18:40", 1011, received=1011
    )
    story.socket_opened("00:18:42", 404, "conn_2")
    assert find("caller_hangup", story) is None
