"""Which tools end a call: those that the operator names, else those with the usual names."""

import pytest

from callstore.domain.analysis.finish_tools import USUAL_TOOLS, FinishTools
from callstore.report.report import report
from tests.findings.stories import conversation


@pytest.mark.parametrize(
    "tool",
    ["hangup", "hang_up", "end_call", "endCall", "EndCall", "agentEndCall", "finish_session", "end-call"],
)
def test_the_usual_names_are_known(tool):
    assert USUAL_TOOLS.named(tool)


@pytest.mark.parametrize(
    "tool", ["send_call_summary", "sendCall", "append_session", "transfer_call", "look_up"]
)
def test_a_name_that_only_ends_in_one_of_them_is_another(tool):
    assert not USUAL_TOOLS.named(tool)


def test_whoever_names_tools_means_those_and_no_others():
    named = FinishTools.of(["Say_Goodbye", "done"])
    assert named.named("say_goodbye") and named.named("DONE")
    assert not named.named("end_call")


def test_a_named_tool_ends_the_call_of_an_application_that_names_it():
    story = conversation().tool("00:18:46", "say_goodbye").api("00:18:51", "hangup")
    plain, named = report(story.records), report(story.records, FinishTools.of(["say_goodbye"]))
    assert (plain["cause"], plain["finish_tool_seen"]) == ("app_hangup", False)
    assert (named["cause"], named["finish_tool_seen"]) == ("agent_finished", True)
