"""No tool of the agent is known to end a call."""

from callstore.domain.analysis.finish_tools import FinishTools
from callstore.domain.facts import events as ev
from tests.builders import answered_call
from tests.doctor.told import conversation, examine, proofs

KEY = "finish_tools_unseen"


def configured(*tools):
    return conversation().frame(ev.SessionConfigured, "00:18:23.8", kind="session.created", tools=tools)


def test_fires_where_the_agents_tools_are_known_and_none_ends_a_call():
    story = configured("book_visit", "say_goodbye")
    found = examine(KEY, story)
    assert proofs(story, found) == ["session.configured 00:18:23.800"]
    assert "FINISH_TOOLS=" in found.paste and "say_goodbye" in found.paste
    called = conversation().tool("00:18:40", name="say_goodbye")
    assert proofs(called, examine(KEY, called)) == ["tool.called 00:18:40"]


def test_fires_where_the_setting_names_tools_that_no_agent_has():
    tools = FinishTools.of(["end_cal"])
    assert "end_cal" in examine(KEY, configured("end_call"), finish_tools=tools).why


def test_stays_silent_where_one_does_or_no_tool_is_known():
    assert examine(KEY, configured("book_visit", "end_call")) is None
    assert examine(KEY, configured("book_visit"), conversation().tool("00:18:40")) is None
    assert examine(KEY, configured("bye"), finish_tools=FinishTools.of(["bye"])) is None
    assert examine(KEY, answered_call(), conversation()) is None
