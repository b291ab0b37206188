"""The windows of time that are a click away, and the one that is chosen."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from callstore.search import window
from callstore.search.errors import QueryError
from dashboard.calls.list_url import Address


class Offered(NamedTuple):
    """A window by its name, as a link; `active` where the list shows exactly it."""

    name: str
    url: str
    active: bool


class Choosing(NamedTuple):
    """Every window that is offered, and the edges of the chosen one for two fields (UTC, to the minute)."""

    offered: list[Offered]
    custom: bool
    since: str
    until: str


def choosing(address: Address, now: datetime) -> Choosing:
    """The windows of a list's address."""
    offered = [
        Offered(name, address.during(since, until).url, (since, until) == (address.since, address.until))
        for name, since, until in _offered(now)
    ]
    try:
        since, until = window.read(address.since, address.until, now)
    except QueryError:
        since = until = None
    return Choosing(offered, not any(each.active for each in offered), _field(since), _field(until))


def _offered(now: datetime) -> tuple[tuple[str, str, str], ...]:
    """Each by name, since and until; yesterday by its date, so that a link to it keeps its meaning."""
    yesterday = f"{now.astimezone(UTC) - timedelta(days=1):%Y-%m-%d}"
    return (
        ("Any time", "", ""),
        ("Today", window.TODAY, ""),
        ("Yesterday", yesterday, yesterday),
        ("24 h", "-24h", ""),
        ("7 d", "-7d", ""),
    )


def _field(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}" if moment else ""
