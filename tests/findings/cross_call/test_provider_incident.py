import pytest

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


def test_says_how_many_of_how_many_failed_from_when_to_when():
    finding = found("provider_incident", [*_failing(1, 3, 5), call("fine", 4)])["x3"]
    assert finding.says == "3 of 4 calls within ten minutes failed on the AI's side."
    assert (finding.start, finding.end, finding.evidence) == (NOON + 60, NOON + 300, ())


@pytest.mark.parametrize(("minute", "near"), [(10, True), (10.1, False)])
def test_failures_ten_minutes_apart_can_be_of_one_incident(minute, near):
    assert ("x0" in found("provider_incident", [*_failing(0), *_failing(1), *_failing(minute)])) == near


def test_two_failures_are_no_incident():
    assert found("provider_incident", _failing(1, 3)) == {}


@pytest.mark.parametrize(("fine", "many"), [(7, True), (8, False)])
def test_three_tenths_of_the_calls_must_fail(fine, many):
    calls = _failing(1, 3, 5) + ordinary(fine, every=0.1)
    assert ("x1" in found("provider_incident", calls)) == many


def test_an_overlap_alone_tells_of_the_call_and_of_no_other():
    others = _failing(3, refused=(500,))
    finding = found("provider_incident", [*_failing(5, refused=(429,)), *others], [OUTAGE])["x5"]
    assert finding.says == (
        "OpenAI answered calls of ours with 429. openai reported “Elevated errors on Realtime” at the time; "
        "overlap is not cause."
    )
    assert (finding.start, finding.end) == (NOON + 300, NOON + 300)
    assert (finding.missing, finding.calls) == ((), ())


def test_the_answers_to_all_of_them_are_listed_in_order():
    calls = [*_failing(1, 3), *_failing(5, refused=(503, 429)), *_failing(6, refused=(500, 401))]
    assert "with 401, 429, 500, 503." in found("provider_incident", calls)["x1"].says


def test_an_answer_is_told_however_many_failed_without_one():
    calls = [*_failing(*(n / 10 for n in range(40))), *_failing(9, refused=(403,))]
    assert "with 403." in found("provider_incident", calls)["x0.0"].says
