"""How often an alert would have fired: its window moved over the last days, minute by minute.

The calls count as they are judged now. A minute of those days may have known less of its last calls.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from callstore.alerts.measure import PATIENCE_S
from callstore.alerts.terms import TermError, Terms
from callstore.projection import tally
from callstore.projection.patience import patience
from callstore.search import window
from callstore.search.compile import compiled
from callstore.search.parser import parse
from callstore.search.window import Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAYS = 7
STEP_S = 60


class WouldHave(NamedTuple):
    """How often in the days before somebody would have been told, and how long in minutes it stood so."""

    days: int
    told: int
    minutes: int


def backtest(terms: Terms, now: datetime) -> WouldHave:
    """Ask what an alert of these terms would have told. Raises TermError, QueryError, TooSlow."""
    if terms.kind == "silence":
        raise TermError("kind", "how silent a source was on past days is not kept.")
    import numpy as np

    begin = now - timedelta(days=DAYS)
    at = Window(begin - timedelta(seconds=terms.window_s), now)
    minutes = np.arange(begin.timestamp(), now.timestamp() + 1, STEP_S)
    with patience(PATIENCE_S):
        found = _counts(terms.q, at, now, minutes, terms.window_s)
        calls = _counts("", at, now, minutes, terms.window_s) if terms.kind == "share" else None
    if calls is None:
        passed = found >= terms.threshold
    else:
        passed = (calls >= terms.least) & (found >= terms.threshold * np.maximum(calls, 1))
    return WouldHave(DAYS, _told(passed, terms.quiet_s), int(passed.sum()))


def _counts(
    q: str, at: Window, now: datetime, minutes: "NDArray[np.float64]", window_s: int
) -> "NDArray[np.int64]":
    """At each minute: the calls that were under way in the window before it."""
    import numpy as np

    began, ended = tally.moments(compiled(window.within(parse(q), at), now))
    return np.searchsorted(began, minutes, "left") - np.searchsorted(ended, minutes - window_s, "left")


def _told(passed: "NDArray[np.bool_]", quiet_s: int) -> int:
    told, last, fired = 0, float("-inf"), False
    for minute, on in enumerate(passed.tolist()):
        if not on:
            fired = False
        elif not fired and (minute - last) * STEP_S >= quiet_s:
            told, last, fired = told + 1, minute, True
    return told
