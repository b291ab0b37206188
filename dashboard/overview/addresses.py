"""Where the numbers of an overview lead: the same page in another time, and the list of the calls counted."""

from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from callstore.search.facets.edit import value_text
from callstore.search.overview.frame import USUAL, Frame
from dashboard.calls import list_url
from dashboard.calls.query import Query

OFFERED = (("24 h", "-24h"), ("7 d", USUAL), ("30 d", "-30d"))


class Address(NamedTuple):
    """An overview's whole state: its query and its time."""

    q: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> "Address":
        return cls(*(given.get(name, "").strip() for name in ("q", "from", "to")))

    @property
    def url(self) -> str:
        """The shortest address of this state."""
        said = [(name, value) for name, value in zip(("q", "from", "to"), self, strict=True) if value]
        return reverse("home") + (f"?{urlencode(said)}" if said else "")

    def during(self, since: str) -> "Address":
        return Address(self.q, since if since != USUAL else "")


class Lists:
    """The lists of calls that an overview counts: of its query and its time, and of one term more."""

    def __init__(self, query: Query, frame: Frame) -> None:
        self.query, self.frame = query, frame
        self._whole = list_url.Address(
            q=query.text, since=written(frame.since), until="" if frame.open else written(frame.until)
        )

    @property
    def whole(self) -> str:
        """All calls that are counted."""
        return self._whole.url

    def of(self, *terms: str) -> str:
        """Those that meet these terms, too."""
        query = self.query
        for term in terms:
            query = Query.read(query.with_term(term))
        return self._whole.asking(query.text).url

    def valued(self, key: str, value: str | None) -> str:
        """Those that have a value of a key; None is that none is known."""
        return self.of(valued(key, value))

    def step(self, at: int, steps: int = 1, term: str = "") -> str:
        """Those of a step or several that meet a term, too.

        The first step has what ran into the window, the last all since.
        """
        starts, end = self.frame.steps, at + steps
        terms = [f"started:>={written(starts[at])}"] if at else []
        terms += [f"started:<{written(starts[end])}"] if end < len(starts) else []
        return self.of(*terms, *filter(None, [term]))


def valued(key: str, value: str | None) -> str:
    """`key:value` as a query says it."""
    if value is None or (key, value) == ("verdict", "unjudged"):
        return f"-{key}:*"
    return value_text(key, value)


def written(at: datetime) -> str:
    """A time as the query language writes it, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
