"""Interval arithmetic on sorted, disjoint (start, end) spans in seconds."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from callstore.domain.facts.events import Span

Spans = list[Span]


def _start(span: Span) -> float:
    return span[0]


def _end(span: Span) -> float:
    return span[1]


def merge(spans: Iterable[Span], bridge: float = 0.0) -> Spans:
    """Sorted and disjoint; pauses shorter than `bridge` seconds are closed. Empty spans vanish."""
    merged: Spans = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if merged and start - merged[-1][1] <= bridge:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def subtract(spans: Spans, holes: Spans) -> Spans:
    """What is left of `spans` outside `holes`; both sorted and disjoint. One walk over both."""
    left: Spans = []
    first = 0
    for start, end in spans:
        while first < len(holes) and holes[first][1] <= start:
            first += 1
        at, next_ = start, first
        while next_ < len(holes) and holes[next_][0] < end:
            hole_start, hole_end = holes[next_]
            if hole_start > at:
                left.append((at, hole_start))
            at = max(at, hole_end)
            next_ += 1
        if at < end:
            left.append((at, end))
    return left


def intersect(a: Spans, b: Spans) -> Spans:
    """What both cover."""
    return subtract(a, subtract(a, b))


def clamp(spans: Spans, start: float, end: float) -> Spans:
    """What lies within [start, end]; found by bisection, since nobody asks for all of a long call."""
    first, last = bisect_right(spans, start, key=_end), bisect_left(spans, end, key=_start)
    inside = ((max(s, start), min(e, end)) for s, e in spans[first:last])
    return [(s, e) for s, e in inside if s < e]


def shift(spans: Iterable[Span], by: float) -> Spans:
    """Moved by `by` seconds."""
    return [(s + by, e + by) for s, e in spans]


def total(spans: Iterable[Span]) -> float:
    """Summed length in seconds."""
    return sum(e - s for s, e in spans)
