from callstore.domain.facts import events as ev
from tests.builders import Story, answered_call
from tests.findings.stories import conversation, cut_off, finished
from tests.judging import interval, rests_on


def test_fires_when_we_hung_up_without_a_finish(find):
    assert find("app_hangup", conversation().api("00:18:51", "hangup")).certainty == "shown"


def test_stays_silent_when_the_agent_had_finished(find):
    assert find("app_hangup", finished()) is None


def test_a_hangup_that_the_api_refused_is_no_hangup(find):
    assert find("app_hangup", conversation().api("00:18:51", "hangup", status=404)) is None


def test_claims_nothing_when_nobody_of_ours_acted(find):
    assert find("app_hangup", cut_off()) is None


def test_admits_that_an_unwatched_session_may_have_finished_the_call(find, verdict):
    story = answered_call().dial_action("00:18:52.4").api("00:18:51", "hangup")
    assert find("app_hangup", story)
    judged = verdict(story)
    assert judged.cause is None and judged.missing


def test_rests_on_the_hangup_and_the_end(find):
    story = conversation().api("00:18:51", "hangup")
    finding = find("app_hangup", story)
    assert rests_on(story, finding) == ["api.called 00:18:51", "leg.status 00:18:52"]
    assert interval(finding) == ("00:18:51", "00:18:52.500")
    assert finding.missing == ()


def test_admits_that_a_finish_tool_may_be_among_lost_frames(find):
    story = conversation().frame(ev.FrameSeen, "00:18:46").lose(1).frame(ev.FrameSeen, "00:18:50")
    finding = find("app_hangup", story.api("00:18:51", "hangup"))
    assert finding.certainty == "consistent"
    assert finding.missing == ("1 events of the session: the agent's finish tool may be among them",)


def test_claims_nothing_of_a_call_that_goes_on(find):
    story = Story().child("in-progress", "00:18:23", sequence=2).api("00:18:51", "hangup")
    assert find("app_hangup", story) is None
