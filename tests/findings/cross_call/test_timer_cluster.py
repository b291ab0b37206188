import pytest

from tests.findings.cross_call.stories import call, found, ordinary


def _lost(lengths, verdict="ai_silent_first"):
    return [call(f"x{n}", 30 * n, verdict, child_duration_s=length) for n, length in enumerate(lengths)]


def test_fires_when_legs_fail_after_the_same_time_again_and_again():
    result = found("timer_cluster", _lost([29, 29, 30, 29, 30, 61]) + ordinary(20))
    assert set(result) == {"x0", "x1", "x2", "x3", "x4"}
    assert len(result["x0"].calls) == 4


def test_names_a_timer_that_is_known():
    assert "32 s" in found("timer_cluster", _lost([31, 32, 32, 31, 32]))["x0"].says


@pytest.mark.parametrize(
    "calls",
    [
        _lost([29, 30, 29]),
        _lost(range(20, 60)),
        _lost([29] * 6, verdict="natural_end"),
        _lost([2] * 8, verdict="never_connected"),
    ],
    ids=["too few", "every length alike", "calls that did not fail", "refused at once"],
)
def test_stays_silent_for(calls):
    assert found("timer_cluster", calls) == {}


def test_admits_that_it_does_not_know_the_timer():
    finding = found("timer_cluster", _lost([29] * 5))["x0"]
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_stays_silent_for_calls_of_other_days():
    assert found("timer_cluster", [call(f"x{n}", 2 * 1440 * n, "ai_silent_first", child_duration_s=29)
                                   for n in range(6)]) == {}  # fmt: skip
