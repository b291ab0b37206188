"""Shares, their intervals, and when a difference is called a change."""

import pytest

from callstore.search.overview.shares import SMALL, difference, share


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    # R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_share_has_the_interval_that_is_published_for_it(count, of, low, high):
    found = share(count, of)
    assert found.low == pytest.approx(low, abs=1e-4) and found.high == pytest.approx(high, abs=1e-4)


@pytest.mark.parametrize(
    ("now", "before", "low", "high"),
    # the same, Interval estimation for the difference (1998), table II, method 10
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_a_difference_has_the_interval_that_is_published_for_it(now, before, low, high):
    found = difference(share(*now), share(*before))
    assert found.low == pytest.approx(low, abs=1e-4) and found.high == pytest.approx(high, abs=1e-4)


def test_of_no_calls_there_is_no_share_and_of_few_no_change():
    assert share(0, 0).share is None and not difference(share(0, 0), share(5, 9)).changed
    few, many = share(SMALL - 1, SMALL - 1), share(0, 1000)
    assert few.small and difference(few, many).low > 0 and not difference(few, many).changed


def test_what_would_be_a_change_alone_is_none_among_two_hundred_comparisons():
    now, before = share(60, 300), share(38, 300)
    assert difference(now, before).changed and not difference(now, before, comparisons=200).changed
