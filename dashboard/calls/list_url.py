"""The list's whole state as its address: the query, the sort, the place. Every link is made here."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from callstore.projection.queries import NEWEST_FIRST


class Address(NamedTuple):
    """What a reader asked for; each field is a parameter of the URL."""

    q: str = ""
    sort: str = NEWEST_FIRST
    cursor: str = ""

    @property
    def url(self) -> str:
        """The shortest URL of this state."""
        given = {name: value for name, value in self._asdict().items() if value != _PLAIN[name]}
        return reverse("calls") + (f"?{urlencode(given)}" if given else "")

    @property
    def export(self) -> str:
        """The CSV of everything the query finds."""
        return reverse("api-1:get_incidents_csv") + (f"?{urlencode({'q': self.q})}" if self.q else "")

    def asking(self, q: str) -> "Address":
        """Another query in the same order, from its first page."""
        return self._replace(q=q, cursor="")

    def sorted_by(self, sort: str) -> "Address":
        """The same query in another order, from its first page."""
        return self._replace(sort=sort, cursor="")

    def at(self, cursor: str) -> "Address":
        """Another page of the same."""
        return self._replace(cursor=cursor)


_PLAIN = Address()._asdict()
