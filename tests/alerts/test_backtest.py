"""What an alert would have told in the last week is what a check each minute would have found."""

from datetime import UTC, datetime, timedelta

import pytest

from callstore.alerts.backtest import backtest
from callstore.alerts.measure import measure
from callstore.alerts.terms import Terms
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 13, 12, tzinfo=UTC)


def put(before, lasting=1, **fields):
    at = NOW - timedelta(minutes=before)
    end = (at + timedelta(minutes=lasting)).isoformat()
    put_call(started_at=at.isoformat(), ended_at=end, flags=["truncated"], **fields)


@pytest.mark.parametrize(
    "terms",
    [
        Terms("count", "is:truncated", threshold=2, window_s=600, quiet_s=0),
        Terms("share", "verdict:ai_deaf", kind="share", threshold=0.5, least=2, window_s=900, quiet_s=0),
    ],
)
def test_each_minute_counts_as_a_check_of_that_minute_would(terms):
    for before, verdict in ((100, "ai_deaf"), (97, "natural_end"), (80.5, "ai_deaf"), (20, "ai_deaf")):
        put(before, verdict=verdict)
    put(60, lasting=30, verdict="ai_deaf")
    passed = [
        measure(terms, NOW - timedelta(minutes=before)).passed for before in range(7 * 1440, -1, -1)
        if before < 130
    ]  # fmt: skip
    would = backtest(terms, NOW)
    assert would.minutes == sum(passed) > 0
    assert would.told == sum(on and not before for before, on in zip([False, *passed], passed, strict=False))


def test_a_quiet_time_is_quiet_in_the_trial_too():
    for before in (5000, 4900, 100):
        put(before)
    often = Terms("often", "is:truncated", window_s=600, quiet_s=0)
    assert backtest(often, NOW).told == 3
    assert backtest(often._replace(quiet_s=4 * 3600), NOW).told == 2
    assert backtest(often._replace(threshold=2), NOW) == (7, 0, 0)
