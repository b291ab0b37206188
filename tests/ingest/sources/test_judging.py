"""The state of a source: quiet is not broken, and each state says why."""

from datetime import UTC, datetime, timedelta

import pytest

from callstore.eventlog.reading.tally import Arrived
from callstore.health.refusals import Refusal
from ingest.sources.judging import Traffic, judged
from ingest.sources.numbers import hour_from, late, past

NOW = datetime(2026, 4, 13, 12, 34, tzinfo=UTC)
HOUR = timedelta(hours=1)
WRONG = Refusal("twilio", "wrong signature", 3, NOW - HOUR, NOW, "PUBLIC_BASE_URL=…")


def state(**traffic):
    return judged(
        Traffic(**{"now": NOW, "last_at": NOW - 5 * HOUR, "count": 0, "past": ()} | traffic), 60, "Look."
    )


@pytest.mark.parametrize(
    ("traffic", "wanted", "said"),
    [
        ({"last_at": None}, "off", "Nothing has come yet."),
        ({"count": 40, "last_at": NOW}, "ok", "40 in the last hour; no past days"),
        ({"past": [0, 0, 0, 0, 0, 0, 0]}, "ok", "quiet, as this hour of other days"),
        ({"past": [2, 1, 0, 3, 2, 0, 1]}, "ok", "quiet, as this hour of other days"),  # by chance, often
        ({"past": [40, 38, 0, 44, 39, 41, 0]}, "silent", "the last came 5 hours ago"),
        ({"past": [40, 0, 0, 0, 0, 0, 0]}, "ok", "quiet"),  # one busy day is no custom
        ({"past": [400]}, "ok", "no past days"),  # nor is a single one
        ({"count": 1, "past": [40, 38, 44]}, "ok", "1 in the last hour, against 40.7"),
        ({"count": 9, "late_s": 300.0}, "late", "up to 5 minutes after they happened"),
    ],
)
def test_a_source_is_silent_only_against_its_own_hour(traffic, wanted, said):
    found = state(**traffic)
    assert found.state == wanted and said in found.why
    assert bool(found.remedy) == (wanted != "ok")


@pytest.mark.parametrize(
    ("refused", "taken", "wanted"),
    [(5, None, "rejecting"), (50, 55, "rejecting"), (5, 1, "rejecting"), (50, 3, "ok"), (90, None, "off")],
)
def test_it_rejects_while_it_refuses_and_until_something_is_taken(refused, taken, wanted):
    at = [None if minutes is None else NOW - timedelta(minutes=minutes) for minutes in (refused, taken)]
    found = state(refused_at=at[0], last_at=at[1], count=int(taken is not None), refusals=[WRONG])
    assert found.state == wanted
    if wanted == "rejecting":
        assert "mostly for “wrong signature”" in found.why and found.remedy == WRONG.remedy


def test_the_same_hour_of_past_days_is_counted_for_days_that_are_known_alone():
    def came(ago, count=1, late=0):
        at = NOW - ago
        slot = at.replace(minute=at.minute // 10 * 10, second=0)
        return Arrived("twilio_callbacks", slot, late, count, 0, 0, at)

    day = timedelta(days=1)
    rows = [came(day, 5), came(day + 30 * timedelta(minutes=1), 2), came(day + 2 * HOUR, 9), came(2 * day, 4)]
    assert past(rows, hour_from(NOW), NOW - timedelta(days=2, hours=3)) == [7, 4]
    assert past(rows, hour_from(NOW), NOW - timedelta(days=9)) == [7, 4, 0, 0, 0, 0, 0]
    assert late([came(HOUR, 90, 1), came(HOUR, 10, 5)], 0.5) == 5 and late(rows[:0], 0.5) is None
    assert late([came(HOUR, 90, 1), came(HOUR, 10, 5)], 0.95) == 1800
    assert late([came(HOUR, 9, 1), came(HOUR, 99, 7)], 0.95) == 5  # what is hours old was not late
