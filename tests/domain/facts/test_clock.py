"""Moments as text."""

import random

import pytest

from callstore.domain.facts.clock import iso, unix


def test_a_moment_is_told_in_milliseconds():
    assert iso(unix("2026-04-13T00:18:52.550+00:00")) == "2026-04-13T00:18:52.550Z"


@pytest.mark.parametrize(
    ("at", "edge"), [(4e15, "9999-12-31T23:59:59"), (-4e15, "0001-01-01T00:00:00"), (1e300, "9999-12-31")]
)
def test_a_moment_that_no_calendar_has_is_told_as_the_calendars_edge(at, edge):
    assert iso(at).startswith(edge)
    unix(iso(at))


def test_any_moment_can_be_read_again():
    chance = random.Random(9)
    for at in (chance.uniform(-6e10, 2.5e11) for _ in range(2000)):
        assert unix(iso(at)) == pytest.approx(at, abs=0.002)
