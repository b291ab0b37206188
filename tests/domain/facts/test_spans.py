"""Interval arithmetic keeps spans sorted, disjoint and honest about length."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstore.domain.facts.spans import clamp, intersect, merge, subtract, total

spans = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 60)).map(lambda p: (p[0] / 4, (p[0] + p[1]) / 4)),
    max_size=12,
).map(merge)


def test_short_pauses_are_bridged_and_long_ones_are_not():
    assert merge([(0, 1), (1.2, 2), (2.5, 3)], bridge=0.3) == [(0, 2), (2.5, 3)]


def test_an_empty_span_is_no_span():
    assert merge([(1, 1), (2, 1)]) == []


@given(spans, spans)
def test_what_is_subtracted_and_what_is_left_make_the_whole(a, b):
    assert total(subtract(a, b)) + total(intersect(a, b)) == pytest.approx(total(a))


@given(spans)
def test_merged_spans_are_sorted_and_apart(a):
    assert all(x[1] < y[0] for x, y in itertools.pairwise(a))


@given(spans, st.floats(0, 100), st.floats(0, 100))
def test_clamped_spans_stay_inside(a, start, end):
    assert all(start <= s < e <= end for s, e in clamp(a, start, end))


@given(spans, st.floats(-5, 60), st.floats(0, 60))
def test_what_lies_within_is_what_a_walk_over_all_would_find(some, start, length):
    merged = merge(some)
    walked = [(max(s, start), min(e, start + length)) for s, e in merged]
    assert clamp(merged, start, start + length) == [(s, e) for s, e in walked if s < e]
