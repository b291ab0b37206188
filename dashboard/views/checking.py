"""What a view may keep: what the list would take, checked by the compiler that the list asks."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from callstore.projection.queries import SORTABLE
from callstore.search import literals
from callstore.search.compile import where
from callstore.search.tree import Literal
from dashboard.views.state import State

LONGEST_NAME, LONGEST_QUERY, MOST_COLUMNS = 80, 2000, 40
COLUMN = re.compile(r"[a-z][a-z0-9_]{0,39}")


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
    _check_times(state, now)
    if state.sort != before.sort and state.sort.removeprefix("-") not in SORTABLE | {""}:
        raise PartError("sort", f"calls cannot be sorted by {state.sort!r}.")
    columns = [each for each in state.cols.split(",") if each]
    wrong = [each for each in columns if not COLUMN.fullmatch(each)]
    if wrong or len(columns) > MOST_COLUMNS:
        raise PartError("cols", f"{wrong[0]!r} is no column." if wrong else f"at most {MOST_COLUMNS}.")


def merged(state: State, given: Mapping[str, str | None]) -> State:
    """A state with some parts set anew, under their names in the address."""
    return State.of_address({**state.named, **{part: text or "" for part, text in given.items()}})


def _check_times(state: State, now: datetime) -> None:
    read = {}
    for part, text in (("from", state.since), ("to", state.until)):
        try:
            read[part] = literals.time(Literal(text), now, exact=True).low if text else None
        except ValueError as wanted:
            raise PartError(part, f"takes {wanted}, not {text}.") from None
    begin, end = read["from"], read["to"]
    if begin and end and begin > end:  # type: ignore[operator]  # both were read as times
        raise PartError("to", "lies before from.")
