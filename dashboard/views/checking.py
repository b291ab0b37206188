"""What a view may keep: what the list would take, checked by the compiler that the list asks."""

from collections.abc import Mapping
from datetime import UTC, datetime

from callstore.projection.queries import SORTABLE
from callstore.search import window
from callstore.search.compile import where
from callstore.search.errors import QueryError
from dashboard.calls.columns import EVERY
from dashboard.views.state import State

LONGEST_NAME, LONGEST_QUERY = 80, 2000
COLUMNS = {column.name for column in EVERY}


class PartError(ValueError):
    """A part that the list would not take: which one, and why."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(f"{part}: {message}")


def name(text: str) -> str:
    """A view's name as it is kept: one line, without blanks around it. Raises PartError."""
    written = " ".join(text.replace("\0", "").split())
    if not written:
        raise PartError("name", "a view needs a name.")
    if len(written) > LONGEST_NAME:
        raise PartError("name", f"at most {LONGEST_NAME} characters.")
    return written


def check(state: State, saved: State | None = None) -> None:
    """Check the parts that are not the saved ones. Raises QueryError for the query, PartError for another."""
    before = saved or State()
    now = datetime.now(UTC)
    if state.q != before.q:
        if len(state.q) > LONGEST_QUERY:
            raise PartError("q", f"at most {LONGEST_QUERY} characters.")
        where(state.q, now)
    try:
        window.read(state.since, state.until, now)
    except QueryError as error:
        raise PartError("time", error.message) from None
    if state.sort != before.sort and state.sort.removeprefix("-") not in SORTABLE | {""}:
        raise PartError("sort", f"calls cannot be sorted by {state.sort!r}.")
    if unknown := set(filter(None, state.cols.split(","))) - COLUMNS:
        raise PartError("cols", f"{min(unknown)!r} is no column of the list.")


def merged(state: State, given: Mapping[str, str | None]) -> State:
    """A state with some parts set anew, under their names in the address."""
    return State.of_address({**state.named, **{part: text or "" for part, text in given.items()}})
