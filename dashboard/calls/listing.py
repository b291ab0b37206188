"""What the list shows for an address: a page of rows, or what is wrong, or why there is nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from callstore.projection import queries
from callstore.search.compile import compiled
from callstore.search.cost import overdue
from callstore.search.errors import QueryError
from callstore.search.snippets import SnippetPart, snippets
from dashboard.calls.list_url import Address
from dashboard.calls.query import Query
from dashboard.calls.rows import Row, row
from dashboard.calls.suggestions import Suggestion, suggestions

PER_PAGE = 50


class Column(NamedTuple):
    """A column; one with an index can be sorted by, first in the direction of most use."""

    name: str
    label: str
    sort: str = ""
    about: str = ""


COLUMNS = (
    Column("started", "Started, UTC", "-started_at"),
    Column("verdict", "Verdict", "verdict"),
    Column("gap", "Gap s", "-untranscribed_caller_speech_s", "Caller's speech that no transcript covers"),
    Column("strip", "Timeline", about="Child leg, AI session, caller's speech and the gap in it"),
    Column("parent", "Parent", "-parent_duration_s", "Length of the parent leg"),
    Column("child", "Child", "-child_duration_s", "Length of the child leg"),
    Column("status", "Child status"),
    Column("ended", "Ended first by"),
    Column("from", "From"),
    Column("signals", "Signals"),
)


class Header(NamedTuple):
    """A column's head: where a click leads, and how the column is sorted now."""

    column: Column
    url: str
    order: str


class QueryFault(NamedTuple):
    """What is wrong with a query: its text around the place, a sentence, and the query put right."""

    before: str
    token: str
    after: str
    message: str
    right: str | None
    url: str


@dataclass(frozen=True)
class Listing:
    """Everything the page prints. `wrong` leaves it without query and rows; `notice` does not."""

    address: Address
    query: Query | None = None
    headers: list[Header] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    said: dict[str, SnippetPart] = field(default_factory=dict)  # by call id, where words were searched
    older: str = ""
    wrong: QueryFault | None = None
    notice: str = ""
    unused: bool = False
    suggestions: list[Suggestion] = field(default_factory=list)


def listing(address: Address, now: datetime) -> Listing:
    """The list at an address. Never raises for what a reader may write there."""
    try:
        query = Query.read(address.q)
        condition = compiled(query.tree, now)
    except QueryError as error:
        return Listing(address, wrong=_wrong(address, error))
    notice = ""
    try:
        found = queries.page(condition, address.sort, address.cursor or None, PER_PAGE)
    except ValueError as error:
        address, notice = Address(address.q), f"{error} These are the newest calls."
        found = queries.page(condition, limit=PER_PAGE)
    empty = not found.items
    unused = empty and not queries.page(limit=1).items
    return Listing(
        address,
        query,
        headers=[_header(address, column) for column in COLUMNS],
        rows=[row(document, now) for document in found.items],
        said=snippets(found.items, query.tree) or {},
        older=address.at(found.next_cursor).url if found.next_cursor else "",
        notice=notice,
        unused=unused,
        suggestions=suggestions(address, query, now) if empty and not unused and not address.cursor else [],
    )


def overdue_listing(address: Address) -> Listing:
    """The list at an address whose statement took too long."""
    if address.q:
        return Listing(address, wrong=_wrong(address, overdue(address.q)))
    return Listing(
        address, wrong=QueryFault("", "", "", "The list took too long. Ask again in a moment.", None, "")
    )


def _header(address: Address, column: Column) -> Header:
    if not column.sort:
        return Header(column, "", "")
    name = column.sort.removeprefix("-")
    if address.sort.removeprefix("-") != name:
        return Header(column, address.sorted_by(column.sort).url, "none")
    down = address.sort.startswith("-")
    return Header(
        column, address.sorted_by(name if down else f"-{name}").url, "descending" if down else "ascending"
    )


def _wrong(address: Address, error: QueryError) -> QueryFault:
    q, start, end = address.q, error.position, error.position + error.length
    right = None if error.suggestion is None else (q[:start] + error.suggestion + q[end:]).strip()
    url = "" if right is None else address.asking(right).url
    return QueryFault(q[:start], q[start:end], q[end:], error.message, right, url)
