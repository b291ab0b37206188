"""Calls in the order of time, to be asked which of them were near a moment."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from callstore.findings.cross_call.summary import Summary

# A reader follows a few; the text says how many there were. A day's outage would name each call in each.
NAMED = 20


class TimeWindow:
    """Some calls by `at`. A neighbourhood is a range of places in `calls`."""

    def __init__(self, calls: Iterable[Summary]) -> None:
        self.calls = sorted(calls, key=lambda c: (c.at, c.call_id))
        self.times = [c.at for c in self.calls]

    def within(self, at: float, within_s: float) -> range:
        """The places of the calls at most so many seconds from a moment."""
        return range(bisect_left(self.times, at - within_s), bisect_right(self.times, at + within_s))

    def closest(self, at: float, within: range) -> list[Summary]:
        """Of a neighbourhood up to NAMED calls, those next to the moment on either side."""
        place = bisect_left(self.times, at)
        first = max(within.start, min(place - NAMED // 2, within.stop - NAMED))
        return self.calls[first : min(within.stop, first + NAMED)]

    def others(self, call: Summary, within: range) -> tuple[str, ...]:
        """The closest of a neighbourhood by id, without the call itself."""
        return tuple(c.call_id for c in self.closest(call.at, within) if c.call_id != call.call_id)

    def lasting(self, within: range) -> tuple[float, float]:
        """From the first to the last moment of a neighbourhood that is not empty, in Unix seconds."""
        return self.times[within.start], self.times[within.stop - 1]
