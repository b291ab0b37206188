"""Which two calls are compared: the one that is asked about, and another or the last good one."""

from datetime import datetime
from typing import NamedTuple

from callstore.projection import queries
from callstore.report.document import Document
from callstore.search import related


class NoCall(LookupError):
    """A call of the two is not there: which one, and why, in a sentence."""

    def __init__(self, side: str, says: str) -> None:
        super().__init__(says)
        self.side = side


class Choice(NamedTuple):
    """The two calls; `by_default` where nobody named the second."""

    a: Document
    b: Document
    by_default: bool


def first(id: str) -> Document:
    """The call that is asked about, by any of its ids. Raises NoCall."""
    document = queries.find(id) if id else None
    if document is None:
        raise NoCall("a", _why_not(id, "A") if id else "Which call shall be compared?")
    return document


def chosen(a: Document, b: str) -> Choice:
    """A call with another by any of its ids, or with the last natural end before it. Raises NoCall."""
    if b:
        other = queries.find(b)
        if other is None:
            raise NoCall("b", _why_not(b, "B"))
        return Choice(a, other, by_default=False)
    started = a.get("started_at")
    good = (
        related.last_natural_end(a.get("agent_name"), a.get("agent_version"), datetime.fromisoformat(started))
        if started
        else None
    )
    other = queries.find(str(good.call_id)) if good else None
    if other is None:
        raise NoCall(
            "b", "No call of this agent's version came to a natural end before. Choose another to compare."
        )
    return Choice(a, other, by_default=True)


def _why_not(id: str, side: str) -> str:
    if month := queries.expired(id):
        return f"The events of the call given for {side} have expired: it is of {month}."
    return f"No call has the id given for {side}."
