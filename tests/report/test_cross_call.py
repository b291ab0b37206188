"""A report says enough of a call for its neighbours."""

import pytest

from callstore.findings.cross_call.find import find_cross_call, reach_s
from callstore.findings.cross_call.summary import FAILED, Incident, Summary, overlapping
from callstore.findings.rule import Finding
from callstore.report.cross_call import finding_part, summary
from callstore.report.report import report
from tests.builders import Story, at
from tests.findings.cross_call.stories import NOON, call
from tests.findings.stories import conversation, refused


def test_a_report_is_summarised():
    story = conversation().api("00:18:20", "accept").socket_closed("00:18:47", 1011, received=1011)
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


def test_what_failed_is_what_the_ais_side_or_nobody_is_known_to_have_ended():
    assert {
        "ai_silent_first", "ai_closed_first", "ai_deaf", "ai_mute", "never_connected", "inconclusive"
    } == FAILED  # fmt: skip


TIMES = {"child_ended_at": "2026-04-13T00:18:52Z", "ended_at": "2026-04-13T00:19:00Z",
         "started_at": "2026-04-13T00:17:52Z"}  # fmt: skip


@pytest.mark.parametrize(
    ("known", "moment"),
    [
        (("child_ended_at", "ended_at", "started_at"), "00:18:52"),
        (("ended_at", "started_at"), "00:19:00"),
        (("started_at",), "00:17:52"),
    ],
)
def test_a_call_is_at_the_end_of_its_ai_leg_or_at_the_next_moment_that_is_known(known, moment):
    document = {"call_id": "c", "verdict": "live", **{name: TIMES[name] for name in known}}
    assert summary(document).at == at(moment)


def test_a_document_may_hold_hardly_anything():
    document = {"call_id": "c", "verdict": "live", "started_at": TIMES["started_at"], "cause": "tail_loss"}
    document |= {"session": None, "findings": None}
    assert summary(document) == Summary("c", at("00:17:52"), "live", "tail_loss")
    document["session"] = {"api_calls": None, "connections": None}
    assert summary(document) == Summary("c", at("00:17:52"), "live", "tail_loss")


def _answered(*calls, sockets=()):
    asked = [{"action": action, "status": status} for action, status in calls]
    session = {"api_calls": asked, "connections": [{"http_status": status} for status in sockets]}
    return summary({"call_id": "c", "verdict": "live", "started_at": TIMES["started_at"], "session": session})


@pytest.mark.parametrize(
    ("calls", "accepted"),
    [
        ([("accept", 200)], True),
        ([("accept", 299)], True),
        ([("accept", 300)], False),
        ([("hangup", 200)], False),
        ([("accept", None)], False),
        ([("accept", 200), ("hangup", 404)], True),
    ],
)
def test_a_call_was_accepted_if_openai_took_an_accept(calls, accepted):
    assert _answered(*calls).accepted == accepted


def test_refusals_are_told_and_mistakes_and_successes_are_not():
    statuses = (200, 400, 401, 402, 403, 404, 428, 429, 430, 499, 500, 503)
    refused = (401, 403, 429, 500, 503)
    assert _answered(*(("accept", status) for status in statuses)).refused == refused
    assert _answered(sockets=(None, *statuses)).refused == refused


@pytest.mark.parametrize(
    ("start", "end", "on"),
    [(-1, 1, True), (0, 1, True), (-1, 0, True), (-1, None, True), (1, 2, False), (-2, -1, False)],
)
def test_an_incident_overlaps_a_call_that_ended_while_it_was_on(start, end, on):
    incident = Incident("openai", "Errors", NOON + start, None if end is None else NOON + end)
    assert overlapping(Summary("c", NOON, "live"), [incident]) == ([incident] if on else [])


def test_a_finding_across_calls_has_each_field_of_a_reports_own():
    finding = Finding("timer_cluster", "Some.", "consistent", (3,), NOON, None, ("a trace",), ("x1",))
    assert finding_part(finding) == {
        "slug": "timer_cluster", "says": "Some.", "certainty": "consistent", "positions": [3],
        "start_s": None, "end_s": None, "missing": ["a trace"], "calls": ["x1"],
        "start_at": "2026-04-13T12:00:00.000Z", "end_at": None,
    }  # fmt: skip


def test_rules_reach_a_day():
    assert reach_s() == 86_400
