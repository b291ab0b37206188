"""A long table a window of rows at a time: which of all rows, and where they lie in time. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from dashboard.call.lanes.mark import Mark

ROWS = 100  # of a window: some screens, and a few ms for server and browser


class Place(NamedTuple):
    """Rows `first` to `last` (from 1) of `total`, the window `number` (from 1) of `windows`.

    By time it is the place of every second from `from_s` until before `to_s`; None for an end that is open.
    """

    number: int
    windows: int
    first: int
    last: int
    total: int
    from_s: float | None
    to_s: float | None

    @property
    def earlier(self) -> int | None:
        """The number of the window before."""
        return self.number - 1 if self.number > 1 else None

    @property
    def later(self) -> int | None:
        """The number of the window behind."""
        return self.number + 1 if self.number < self.windows else None


def place(rows: Sequence[Mark], asked: str | None, at: float | None) -> Place:
    """The window that is asked for by its number; else the one in which the last row that began by `at` lies.

    The first for nonsense; the last for one behind it.
    """
    windows = max(1, -(-len(rows) // ROWS))
    number = min(_number(asked) or (_number_at(rows, at) if at is not None else 1), windows)
    start, end = (number - 1) * ROWS, min(number * ROWS, len(rows))
    return Place(
        number,
        windows,
        start + 1 if rows else 0,
        end,
        len(rows),
        rows[start]["start_s"] if number > 1 else None,
        rows[end]["start_s"] if end < len(rows) else None,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 and int(text) else None


def _number_at(rows: Sequence[Mark], at: float) -> int:
    begun = bisect_right(rows, at, key=lambda row: row["start_s"])
    return max(begun - 1, 0) // ROWS + 1
