"""How many calls a list has in all: at once where that is quick, else after the rows."""

from typing import NamedTuple

from callstore.projection import queries
from callstore.projection.patience import TooSlow, patience

AT_ONCE_S = 0.1  # what takes longer is counted when the rows are on the screen
AFTERWARDS_S = 3.0


class Count(NamedTuple):
    """So many calls, or at least so many; `later` where counting would have kept the rows waiting."""

    calls: int
    exact: bool = True
    later: bool = False

    @property
    def text(self) -> str:
        """The count in words: exact to ten thousand, then 10,000+."""
        if self.later:
            return f"More than {self.calls:,} calls"
        return f"{self.calls:,}{'' if self.exact else '+'} call{'' if self.calls == 1 else 's'}"


def counted(where: queries.Where, page: queries.Page, *, first: bool) -> Count:
    """The count of a list of which a page was read; the only page is its own count."""
    if first and page.next_cursor is None:
        return Count(len(page.items))
    return counted_at_once(where) or Count(len(page.items), later=True)


def counted_at_once(where: queries.Where) -> Count | None:
    """The count of a filter; None where it would keep a page waiting."""
    return _within(AT_ONCE_S, where)


def counted_afterwards(where: queries.Where) -> Count | None:
    """The count of a list that is on the screen already; None where it takes too long all the same."""
    return _within(AFTERWARDS_S, where)


def _within(seconds: float, where: queries.Where) -> Count | None:
    try:
        with patience(seconds):
            calls = queries.count(where)
    except TooSlow:
        return None
    return Count(min(calls, queries.MOST_COUNTED), calls <= queries.MOST_COUNTED)
