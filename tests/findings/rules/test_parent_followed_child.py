from callstore.domain.facts import events as ev
from tests.builders import PARENT
from tests.findings.stories import cut_off, left
from tests.judging import interval, rests_on


def test_fires_when_our_answer_to_the_dial_action_was_hangup(find):
    finding = find("parent_followed_child", cut_off().answered("00:18:52.45", "Hangup"))
    assert finding.certainty == "shown"
    assert len(finding.evidence) == 4


def test_stays_silent_when_we_answered_with_something_else(find):
    assert find("parent_followed_child", cut_off().answered("00:18:52.45", "Say", "Dial")) is None


def test_stays_silent_when_the_caller_had_left(find):
    assert find("parent_followed_child", left().answered("00:18:52.45", "Hangup")) is None


def test_claims_nothing_when_our_answer_is_not_known(find):
    assert find("parent_followed_child", cut_off()) is None


def test_rests_on_the_whole_chain(find):
    story = cut_off().answered("00:18:52.45", "Hangup")
    finding = find("parent_followed_child", story)
    assert rests_on(story, finding) == [
        "leg.status 00:18:52", "dial.finished 00:18:52.400", "flow.answered 00:18:52.450",
        "leg.status 00:18:52",
    ]  # fmt: skip
    assert interval(finding) == ("00:18:52", "00:18:53")
    assert finding.missing == ()


def test_claims_nothing_where_the_dial_actions_request_is_not_known(find):
    story = cut_off().answered("00:18:52.45", "Hangup")
    story.records = [r for r in story.records if not isinstance(r.event, ev.DialFinished)]
    assert find("parent_followed_child", story) is None


def test_claims_nothing_while_the_callers_leg_goes_on(find):
    story = cut_off().answered("00:18:52.45", "Hangup")
    story.records = [
        r for r in story.records if r.subject != f"twilio:{PARENT}" or r.event.TYPE != "leg.status"
    ]
    assert find("parent_followed_child", story) is None
