from tests.builders import answered_call
from tests.findings.stories import conversation, cut_off, finished


def test_fires_when_the_finish_tool_and_our_hangup_precede_the_end(find):
    assert find("agent_finished", finished()).certainty == "shown"


def test_stays_silent_when_no_finish_tool_was_called(find):
    assert find("agent_finished", cut_off()) is None


def test_stays_silent_for_a_tool_that_ends_nothing(find):
    assert find("agent_finished", conversation().tool("00:18:48", name="look_up_order")) is None


def test_admits_that_the_hangup_was_not_seen(find):
    finding = find("agent_finished", answered_call().tool("00:18:48"))
    assert (finding.certainty, finding.missing) == ("consistent", ("the application's hang-up",))
