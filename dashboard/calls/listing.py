"""What the list shows for an address: a page of rows, or what is wrong, or why there is nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from callstore.projection import queries
from callstore.projection.changes import journal
from callstore.report.document import Document
from callstore.search.compile import compiled
from callstore.search.errors import QueryError
from callstore.search.facets.rare import rarely
from callstore.search.snippets import SnippetPart, snippets
from callstore.search.too_slow import too_slow
from dashboard.calls.bar.counting import Count, counted
from dashboard.calls.columns import Column, Header, header, shown
from dashboard.calls.list_url import Address
from dashboard.calls.query import Query
from dashboard.calls.rows import Row, row
from dashboard.calls.suggestions import Suggestion, suggestions

PER_PAGE = 50


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
    """Everything the page prints. `wrong` leaves it without query and rows; `notice` does not.

    `fixed` is the same address without relative times, and `whole` the query with its window, for an export.
    """

    address: Address
    query: Query | None = None
    columns: list[Column] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    count: Count | None = None
    said: dict[str, SnippetPart] = field(default_factory=dict)  # by call id, where words were searched
    older: str = ""
    fixed: str = ""
    whole: str = ""
    wrong: QueryFault | None = None
    notice: str = ""
    unused: bool = False
    suggestions: list[Suggestion] = field(default_factory=list)
    position: journal.Position | None = None  # of the journal before the rows were read

    @property
    def oldest(self) -> datetime | None:
        """When the last row's call began, where others follow it: what began before is on no first page."""
        ends = self.older and self.address.sort == queries.NEWEST_FIRST
        return self.rows[-1].started if ends else None


def listing(address: Address, now: datetime) -> Listing:
    """The list at an address. Never raises for what a reader may write there."""
    try:
        query = Query.read(address.q)
        whole = Query(address.whole(query.tree, now))
        condition = compiled(whole.tree, now)
        few = rarely(condition, whole.tree, now)
    except QueryError as error:
        return Listing(address, wrong=_wrong(address, error))
    notice, position = "", journal.position()
    try:
        found = queries.page(condition, address.sort, address.cursor or None, PER_PAGE, few)
    except ValueError as error:
        address, notice = address.sorted_by(queries.NEWEST_FIRST), f"{error} These are the newest calls."
        found = queries.page(condition, limit=PER_PAGE, rarely=few)
    empty = not found.items
    unused = empty and not queries.page(limit=1).items
    columns = _filled(address, found.items)
    return Listing(
        address,
        query,
        columns,
        headers=[header(address, column) for column in columns],
        rows=[row(document, now, columns) for document in found.items],
        count=counted(condition, found, first=not address.cursor),
        said=snippets(found.items, query.tree) or {},
        older=address.at(found.next_cursor).url if found.next_cursor else "",
        fixed=address.absolute(query.tree, now).url,
        whole=whole.text,
        notice=notice,
        unused=unused,
        suggestions=suggestions(address, query, now) if empty and _relaxes(address, query, unused) else [],
        position=position,
    )


def _relaxes(address: Address, query: Query, unused: bool) -> bool:
    """Whether a wider query would help: not behind the last page, nor where just no call is running."""
    return not unused and not address.cursor and query.text != "is:live"


def _filled(address: Address, documents: list[Document]) -> list[Column]:
    """The columns; of those that nobody chose not the agent's where no application said its name."""
    named = any(each.get("agent_name") or each.get("agent_version") for each in documents)
    return [column for column in shown(address) if column.name != "agent" or named or address.columns]


def too_slow_listing(address: Address) -> Listing:
    """The list at an address whose statement took too long."""
    if address.q:
        return Listing(address, wrong=_wrong(address, too_slow(address.q)))
    return Listing(
        address, wrong=QueryFault("", "", "", "The list took too long. Ask again in a moment.", None, "")
    )


def _wrong(address: Address, error: QueryError) -> QueryFault:
    q, start, end = address.q, error.position, error.position + error.length
    right = None if error.suggestion is None else (q[:start] + error.suggestion + q[end:]).strip()
    url = "" if right is None else address.asking(right).url
    return QueryFault(q[:start], q[start:end], q[end:], error.message, right, url)
