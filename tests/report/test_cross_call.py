"""A report says enough of a call for its neighbours."""

from callstore.findings.cross_call.find import find_cross_call
from callstore.report.cross_call import finding_part, summary
from callstore.report.report import report
from tests.builders import Story, at
from tests.findings.cross_call.stories import call
from tests.findings.stories import conversation, refused


def test_a_report_is_summarised():
    story = conversation().api("00:18:20", "accept").socket_closed("00:18:45", 1011, received=1011)
    found = summary({"call_id": "c", **report(story.records)})
    assert (found.at, found.verdict, found.child_duration_s) == (at("00:18:52"), "ai_closed_first", 29)
    assert found.failed and found.accepted and "session_closed_early" in found.slugs


def test_what_openai_refused_is_told():
    story = (
        refused().offered("00:18:17").api("00:18:17.5", "accept", status=401).socket_opened("00:18:18", 500)
    )
    assert sorted(summary({"call_id": "c", **report(story.records)}).refused) == [401, 500]


def test_a_call_without_any_time_has_no_summary():
    assert summary({"call_id": "c", **report(Story().records)}) is None


def test_a_finding_across_calls_is_told_like_any_other():
    calls = [call(f"x{n}", n, "ai_closed_first") for n in range(3)]
    told = finding_part(find_cross_call(calls)["x0"][0])
    assert (told["slug"], told["calls"], told["positions"]) == ("provider_incident", ["x1", "x2"], [])
    assert told["start_at"] < told["end_at"]
