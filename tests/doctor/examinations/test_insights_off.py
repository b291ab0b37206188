"""Voice Insights tells nothing."""

from callstore.domain.facts import events as ev
from tests.builders import CHILD, answered_call
from tests.doctor.told import examine

KEY = "insights_off"


def summarised():
    event = ev.LegSummarised(processing="complete", disconnected_by="callee")
    return answered_call().add(f"twilio:{CHILD}", event, "00:49:10")


def test_fires_where_no_summary_of_any_call_came():
    found = examine(KEY, answered_call())
    assert found.events and "call-summary" in found.paste


def test_stays_silent_where_one_came_or_may_still_come():
    assert examine(KEY, summarised(), answered_call()) is None
    assert examine(KEY, answered_call(), now="00:50:00") is None
