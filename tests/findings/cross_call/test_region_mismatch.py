import pytest

from tests.findings.cross_call.stories import NOON, call, found


def _lost(*minutes):
    slugs = frozenset({"region_mismatch"})
    return [call(f"x{m}", m, "never_connected", slugs=slugs) for m in minutes]


def test_fires_when_no_accept_of_the_hour_succeeded():
    result = found("region_mismatch", _lost(1, 10, 20))
    assert {f.certainty for f in result.values()} == {"shown"} and len(result) == 3


def test_stays_silent_for_one_lost_accept_among_others():
    assert found("region_mismatch", [*_lost(1, 10), call("fine", 5, accepted=True)]) == {}


def test_stays_silent_for_calls_that_were_refused_otherwise():
    assert found("region_mismatch", [call(f"x{m}", m, "never_connected") for m in range(5)]) == {}


def test_admits_that_others_succeeded():
    finding = found("region_mismatch", [*_lost(1, 10, 20), call("fine", 5, accepted=True)])["x1"]
    assert (finding.certainty, len(finding.missing)) == ("consistent", 1)


def test_says_how_many_were_lost_and_names_the_others():
    finding = found("region_mismatch", _lost(1, 10, 20))["x10"]
    assert finding.says == (
        "The accepts of 3 calls in that hour got 404 right after their webhooks; none succeeded."
    )
    assert (finding.start, finding.end, finding.evidence) == (NOON + 60, NOON + 1200, ())
    assert (finding.calls, finding.missing) == (("x1", "x20"), ())


@pytest.mark.parametrize(("minute", "near"), [(60, True), (61, False)])
def test_an_hour_before_or_after_counts(minute, near):
    assert ("x0" in found("region_mismatch", _lost(0, 1, minute))) == near
