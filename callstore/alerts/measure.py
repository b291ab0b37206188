"""What an alert finds at a moment: how many calls of its window its query finds, of how many."""

from datetime import datetime, timedelta
from typing import NamedTuple

from callstore.alerts.models import Alert
from callstore.alerts.terms import Terms
from callstore.health.sources import Source, sources
from callstore.projection import queries, tally
from callstore.projection.patience import patience
from callstore.report.document import Document
from callstore.search import window
from callstore.search.compile import compiled
from callstore.search.parser import parse
from callstore.search.window import Window

PATIENCE_S = 10
TOP = 3


class Measured(NamedTuple):
    """What was found in a window of time. `calls` is None where only those found were counted.

    Of a silence the sources are found that are silent, against their own hour of past days.
    """

    window: Window
    found: int
    calls: int | None
    value: float | None  # what the threshold is compared with; None where too few calls were there
    passed: bool
    silent: tuple[Source, ...] = ()


def measure(alert: Alert | Terms, now: datetime) -> Measured:
    """Count the calls under way in the window that ends now (aware).

    Raises QueryError, TooSlow, and django.db.DatabaseError.
    """
    at = Window(now - timedelta(seconds=alert.window_s), now)
    if alert.kind == "silence":
        of = (each for each in sources() if alert.source in ("", each.source))
        silent = tuple(each for each in of if each.state == "silent")
        return Measured(at, len(silent), None, float(len(silent)), bool(silent), silent)
    with patience(PATIENCE_S):
        found = tally.count(_where(alert.q, at, now))
        calls = tally.count(_where("", at, now)) if alert.kind == "share" else None
    value = _value(alert, found, calls)
    return Measured(at, found, calls, value, value is not None and value >= alert.threshold)


def top(alert: Alert, at: Window, now: datetime) -> list[Document]:
    """The newest calls that the query finds in a window. Raises as `measure` does."""
    with patience(PATIENCE_S):
        return queries.page(_where(alert.q, at, now), limit=TOP).items


def _where(q: str, at: Window, now: datetime) -> queries.Where:
    return compiled(window.within(parse(q), at), now)


def _value(alert: Alert | Terms, found: int, calls: int | None) -> float | None:
    if calls is None:
        return float(found)
    return found / calls if calls >= alert.least else None
