from tests.builders import answered_call
from tests.findings.stories import conversation, cut_off, finished


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
