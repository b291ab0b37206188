"""Partitions made before they are needed, and what is said when they were not."""

import logging
from datetime import date, datetime, timedelta

from django.db import OperationalError

from callstore.eventlog.db.statement import run

log = logging.getLogger(__name__)

AHEAD = 3  # beat may stand still for a quarter before facts fall into the default partition
ENOUGH = 2  # fewer than these ahead, and somebody should look
LEAST_DAYS, MOST_DAYS = 31, 36_500  # of retention: facts come for a month after it has ended
MONTH = "(now() AT TIME ZONE 'UTC' + %s * interval '1 month')::date"


def ensure() -> int:
    """Make the partitions of this month and the next three; how many were new. Says aloud what is amiss.

    A month that cannot be attached without waiting is left for the next time.
    """
    made = 0
    for ahead in range(AHEAD + 1):
        try:
            made += run(f"SELECT log.ensure_month({MONTH})", [ahead])[0][0]
        except OperationalError as error:
            log.warning("A month's partition has to wait: %s", error)
    for line in alarms():
        log.error("%s", line)
    return made


def alarms() -> list[str]:
    """A line for each month that ought to be ready and is not, and for what lies in the default partition."""
    name = f"'log.event_' || to_char({MONTH}, 'YYYY_MM')"
    names = [run(f"SELECT {name}, to_regclass({name}) IS NULL", [n, n])[0] for n in range(ENOUGH + 1)]
    return [
        *(f"The partition {name} is not made yet" for name, is_missing in names if is_missing),
        *(
            f"{events} events of {month:%Y-%m} lie in log.event_default;"
            " SELECT log.empty_default() as the owner of the log moves them"
            for month, events in astray()
        ),
    ]


def is_retention(days: int) -> bool:
    """Whether calls may be kept for so many days."""
    return LEAST_DAYS <= days <= MOST_DAYS


def last_older_than(days: int, now: datetime) -> date:
    """The first day of the last month that ended so many days ago or more."""
    return ((now - timedelta(days=days)).date().replace(day=1) - timedelta(days=1)).replace(day=1)


def misplaced(until: date) -> str | None:
    """Why the months up to `until` are not whole: events lie in the default partition. None if they are."""
    for month, _ in astray():
        if month <= until:
            return f"Events of {month:%Y-%m} lie in log.event_default: SELECT log.empty_default() first."
    return None


def astray() -> list[tuple[date, int]]:
    """The months that lie in the default partition, with their events."""
    return [(month, events) for month, events in run("SELECT month, events FROM log.astray()", [])]
