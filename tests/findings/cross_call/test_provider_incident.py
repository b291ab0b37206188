from callstore.findings.cross_call.summary import Incident
from tests.findings.cross_call.stories import NOON, call, found, ordinary

OUTAGE = Incident("openai", "Elevated errors on Realtime", NOON, NOON + 3600)


def _failing(*minutes, refused=()):
    return [call(f"x{m}", m, "ai_closed_first", refused=refused) for m in minutes]


def test_fires_when_several_calls_fail_within_minutes():
    result = found("provider_incident", [*_failing(1, 3, 5), call("fine", 4)])
    assert set(result) == {"x1", "x3", "x5"}
    assert set(result["x3"].calls) == {"x1", "x5"}


def test_tells_how_openai_answered():
    assert "401" in found("provider_incident", _failing(1, 3, 5, refused=(401,)))["x1"].says


def test_fires_for_one_failure_while_the_status_page_reports_trouble_and_calls_that_no_cause():
    finding = found("provider_incident", _failing(5), [OUTAGE])["x5"]
    assert finding.certainty == "consistent" and "overlap is not cause" in finding.says


def test_stays_silent_for_failures_hours_apart_and_for_calls_that_went_well():
    assert found("provider_incident", _failing(1, 100, 200)) == {}
    assert found("provider_incident", ordinary(30), [OUTAGE]) == {}


def test_stays_silent_for_the_few_failures_of_a_busy_hour():
    assert found("provider_incident", _failing(1, 3, 5) + ordinary(60, every=0.1)) == {}


def test_admits_that_no_status_page_says_so():
    finding = found("provider_incident", _failing(1, 3, 5))["x1"]
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)
