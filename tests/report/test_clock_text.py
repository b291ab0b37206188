"""Ticks of an axis: round times, and never more than are wanted, however long a sender says a call was."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from callstore.report.clock_text import whole_times

CENTURIES_S = 1e11


@given(st.floats(-CENTURIES_S, CENTURIES_S), st.floats(0, CENTURIES_S), st.integers(5, 20))
def test_an_axis_has_some_ticks_at_round_times_within_it(start, length, most):
    times = whole_times(start, start + length, most)
    assert len(times) <= most + 1
    assert all(start <= time <= start + length for time in times)
    assert len({after - before for before, after in pairwise(times)}) <= 1


def test_a_minute_is_told_by_its_length_in_tens_or_fives_of_seconds():
    assert whole_times(-1.5, 60.2, 12) == [0, 10, 20, 30, 40, 50, 60]
    assert whole_times(0.0, 60.0, 12) == list(range(0, 61, 5))
