"""When simulated calls begin."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from random import Random

from callstore.rehearsal.simulation.day import moments

NOON = datetime(2026, 4, 13, 12, tzinfo=UTC).timestamp()


def test_a_day_is_busy_in_the_morning_and_quiet_at_night():
    hours = Counter(datetime.fromtimestamp(at, UTC).hour for at in moments(5000, NOON, 24, Random(1)))
    assert hours[10] > 5 * hours[3] > 0
    assert sum(hours.values()) == 5000


def test_moments_come_in_order_and_lie_in_the_time_asked_for():
    found = list(moments(1000, NOON, 5, Random(1)))
    assert all(a <= b for a, b in pairwise(found))
    assert NOON - 5 * 3600 <= found[0] < found[-1] <= NOON


def test_without_a_spread_every_call_begins_at_once():
    assert set(moments(9, NOON, 0, Random(1))) == {NOON}


def test_a_million_moments_are_never_held_at_once():
    found = moments(1_000_000, NOON, 24, Random(1))
    assert next(found) < next(found)
