"""What of the list a view keeps, each part under the name that it has in the list's address."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from callstore.people.models import SavedView
from callstore.projection.queries import NEWEST_FIRST
from callstore.search.errors import QueryError
from dashboard.calls.columns import DEFAULT, NEEDED, asked
from dashboard.calls.query import Query

PARTS = ("q", "from", "to", "sort", "cols")


class State(NamedTuple):
    """The parts as text; an empty one is the list's own. `cols` are names between commas."""

    q: str = ""
    since: str = ""
    until: str = ""
    sort: str = ""
    cols: str = ""

    @classmethod
    def of_address(cls, given: Mapping[str, str]) -> "State":
        """The state that parts say under their names in the address."""
        return cls(*(given.get(name, "").replace("\0", "").strip() for name in PARTS))

    @classmethod
    def of_list(cls, given: QueryDict) -> "State":
        """The state of the list at an address, as the list reads it."""
        address = asked(given)
        return cls(address.q, address.since, address.until, _sort(address.sort), address.columns)

    @classmethod
    def of_view(cls, view: SavedView) -> "State":
        """The state that a view keeps."""
        return cls(view.q, view.since, view.until, view.sort, ",".join(view.cols))

    @property
    def named(self) -> dict[str, str]:
        """The parts under their names in the address."""
        return dict(zip(PARTS, self, strict=True))

    @property
    def columns(self) -> dict[str, Any]:
        """The parts as the columns of a view."""
        cols = [name for name in self.cols.split(",") if name]
        return {**self._asdict(), "cols": list(dict.fromkeys(cols))}

    def url(self, slug: str) -> str:
        """The list in this state, told as a view's. It always has a part: without one it is a permalink."""
        parts = {name: text for name, text in self.named.items() if text} or {"q": ""}
        return f"{reverse('calls')}?{urlencode({**parts, 'view': slug})}"

    def differences(self, saved: "State") -> list[str]:
        """Which parts are not those of another state, in a reader's words."""
        differs = {
            "query": _query(self.q) != _query(saved.q),
            "time": (self.since, self.until) != (saved.since, saved.until),
            "sort": _sort(self.sort) != _sort(saved.sort),
            "columns": _columns(self.cols) != _columns(saved.cols),
        }
        return [part for part, different in differs.items() if different]


def permalink(slug: str) -> str:
    """The address of a view, whatever it keeps."""
    return f"{reverse('calls')}?{urlencode({'view': slug})}"


def _query(text: str) -> str:
    try:
        return Query.read(text).text
    except QueryError:
        return text


def _columns(text: str) -> set[str]:
    return {*(text or DEFAULT).split(","), NEEDED}


def _sort(text: str) -> str:
    return "" if text == NEWEST_FIRST else text
