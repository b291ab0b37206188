import pytest

from tests.builders import Story, answered_call, at
from tests.findings.stories import conversation, cut_off, finished
from tests.judging import interval, rests_on
from tests.live import later, said, started


def test_fires_when_the_finish_tool_and_our_hangup_precede_the_end(find):
    assert find("agent_finished", finished()).certainty == "shown"


def test_stays_silent_when_no_finish_tool_was_called(find):
    assert find("agent_finished", cut_off()) is None


def test_stays_silent_for_a_tool_that_ends_nothing(find):
    assert find("agent_finished", conversation().tool("00:18:48", name="look_up_order")) is None


def test_admits_that_the_hangup_was_not_seen(find):
    finding = find("agent_finished", answered_call().tool("00:18:48"))
    assert (finding.certainty, finding.missing) == ("consistent", ("the application's hang-up",))


def test_rests_on_the_tool_the_hangup_and_the_end(find):
    finding = find("agent_finished", finished())
    assert rests_on(finished(), finding) == [
        "tool.called 00:18:48", "api.called 00:18:51.500", "leg.status 00:18:52"
    ]  # fmt: skip
    assert interval(finding)[0] == "00:18:48"
    assert finding.end == pytest.approx(at("00:18:52"), abs=0.3)
    assert finding.missing == ()
    assert "the application hung up" in finding.says


def test_claims_nothing_of_a_call_that_goes_on(find):
    story = Story().child("in-progress", "00:18:23", sequence=2).tool("00:18:48")
    assert find("agent_finished", story) is None


def test_a_live_session_that_goes_on_after_its_tool_was_not_ended_by_it(find):
    """Its turns begin with their words; it tells of no detector."""

    def story(*more):
        call = said(started(), "00:18:25", "00:18:27").tool("00:18:28")
        for number, moment in enumerate(("00:18:30", "00:18:35", "00:18:40")[: len(more)]):
            said(call, moment, later(moment, 2), more[number])
            said(call, later(moment, 2.2), later(moment, 4), "Yes.", side="agent")
        return call.tool("00:18:50") if len(more) < 2 else call

    assert find("agent_finished", story())
    assert find("agent_finished", story("And my address?", "And the price?", "And the colour?")) is None
