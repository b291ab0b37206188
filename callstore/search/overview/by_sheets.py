"""The numbers of all calls of a long time: most of it from sheets, and the calls of no sheet one by one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from callstore.projection.sheets import keep
from callstore.projection.sheets.counted import Sheet, counted
from callstore.projection.sheets.periods import PERIOD, first_from, last_to
from callstore.search.compile import compiled
from callstore.search.conditions import Where, joined
from callstore.search.overview.added_up import told
from callstore.search.overview.frame import Frame
from callstore.search.tree import And, Term
from callstore.search.window import LATEST, LONGEST, Window, within

MANY = 50_000  # calls; fewer are read one by one, and exactly, within the time that a page may take


def found(term: Term, frame: Frame, now: datetime) -> dict[str, Any] | None:
    """What `statement` finds, by group. None where the calls are to be read: few, of a query, of some days.

    Numbers of calls are exact, those of seconds to one hundredth. Raises django.db.DatabaseError.
    """
    if term != And(()) or frame.step_s % PERIOD.total_seconds():  # a step must be of whole periods
        return None
    halves = (Window(frame.since, frame.until), frame.before)
    if sum(keep.calls(*_whole(half)) for half in halves) < MANY:
        return None
    return told(frame, _sheets(frame.window, frame.until, now), _sheets(frame.before, frame.since, now))


def _whole(window: Window) -> tuple[datetime, datetime]:
    """From the first to the last whole period of a window."""
    assert window.since and window.until
    return first_from(window.since), last_to(window.until)


def _sheets(window: Window, until: datetime, now: datetime) -> list[tuple[datetime, Sheet]]:
    assert window.since
    kept = keep.read(*_whole(Window(window.since, until)))
    # A save between the two statements may be in neither or in both: by a call, until one looks again.
    rest = joined("AND", [compiled(within(And(()), window), now), _outside(kept, window)])
    return [*kept.items(), *counted(rest.sql, rest.params).items()]


def _outside(kept: Iterable[datetime], window: Window) -> Where:
    """The calls of a window that began in no period that has a sheet, as ranges of their index."""
    assert window.since
    edges = [window.since - LONGEST]
    for period in kept:
        if edges[-1] == period:
            edges[-1] = period + PERIOD
        else:
            edges += [period, period + PERIOD]
    edges.append(window.until or LATEST)
    ranges = list(zip(edges[::2], edges[1::2], strict=True))
    return Where(
        f"({' OR '.join(['(started_at >= %s AND started_at < %s)'] * len(ranges))})",
        [moment for each in ranges for moment in each],
    )
