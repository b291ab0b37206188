"""The list's whole state as its address: query, window, order, columns, place. Every link is made here."""

from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from callstore.projection.queries import NEWEST_FIRST
from callstore.search import window
from callstore.search.tree import Term, write


class Address(NamedTuple):
    """What a reader asked for; each field is a parameter of the URL, under its name in PARAMETERS."""

    q: str = ""
    since: str = ""  # a time of the query language, or today
    until: str = ""
    sort: str = NEWEST_FIRST
    columns: str = ""  # names with commas between them; none is the default
    view: str = ""  # the saved view that this came from
    selected: str = ""  # the call whose row is marked
    cursor: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> "Address":
        """The address that parameters of a URL say; what is missing has its default."""
        said = {field: given.get(name, "").strip() for field, name in PARAMETERS.items()}
        return PLAIN._replace(**{field: value for field, value in said.items() if value})

    @property
    def parameters(self) -> str:
        """The shortest query string of this state."""
        state = zip(PARAMETERS.values(), self, PLAIN, strict=True)
        return urlencode([(name, value) for name, value, plain in state if value != plain])

    @property
    def url(self) -> str:
        """The shortest URL of this state."""
        parameters = self.parameters
        return reverse("calls") + (f"?{parameters}" if parameters else "")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form that asks another query sends along."""
        names = ("since", "until", "sort", "columns", "view")
        return [
            (PARAMETERS[name], value)
            for name in names
            if (value := getattr(self, name)) != getattr(PLAIN, name)
        ]

    def asking(self, q: str) -> "Address":
        """Another query in the same window and order, from its first page."""
        return self._replace(q=q, cursor="", selected="")

    def during(self, since: str, until: str = "") -> "Address":
        """The same query in another window, from its first page."""
        return self._replace(since=since, until=until, cursor="", selected="")

    def sorted_by(self, sort: str) -> "Address":
        """The same query in another order, from its first page."""
        return self._replace(sort=sort, cursor="", selected="")

    def showing(self, columns: str) -> "Address":
        """The same page with other columns."""
        return self._replace(columns=columns)

    def at(self, cursor: str) -> "Address":
        """Another page of the same."""
        return self._replace(cursor=cursor, selected="")

    def marking(self, call_id: str) -> "Address":
        """The same page with the row of a call marked."""
        return self._replace(selected=call_id)

    def whole(self, tree: Term, now: datetime) -> Term:
        """What this address asks for: its query, whose tree is given, and its window. Raises QueryError."""
        return window.within(tree, window.read(self.since, self.until, now))

    def absolute(self, tree: Term, now: datetime) -> "Address":
        """The same with no time that counts from now, so that a link still means it tomorrow."""
        since, until = window.read(self.since, self.until, now)
        end = min(until, now) if until else now
        bounded = {"since": _moment(since) if since else "", "until": _moment(end)} if since or until else {}
        return self._replace(q=write(window.absolute(tree, now)), **bounded)


# Each field and what it is called in the URL.
PARAMETERS = {
    "q": "q", "since": "from", "until": "to", "sort": "sort", "columns": "cols", "view": "view",
    "selected": "sel", "cursor": "cursor",
}  # fmt: skip
PLAIN = Address()


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
