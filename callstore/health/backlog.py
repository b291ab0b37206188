"""What the projection has yet to do, and the calls that were set aside since they could not be projected."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from callstore.eventlog.heads import errors, leases
from callstore.eventlog.heads.errors import Failure


class Backlog(NamedTuple):
    """How many calls' traces wait, for how many seconds the longest has, and those that were set aside.

    `unclaimed_s` is for how long the longest has waited that no process has taken up: the relay's part.
    """

    waiting: int
    oldest_s: float
    unclaimed_s: float
    parked: list[Failure]


def backlog() -> Backlog:
    """What waits now. Raises django.db.DatabaseError."""
    waiting, since = leases.behind()
    oldest_s = max(0.0, (datetime.now(UTC) - since).total_seconds()) if since else 0.0
    return Backlog(waiting, oldest_s, leases.unclaimed_s(), errors.all_set_aside())


def replay(traces: Iterable[UUID]) -> int:
    """Have these tried again that were set aside, by relay and worker; how many that are."""
    return errors.free(traces)


def replay_all() -> int:
    """Have all tried again; how many that are."""
    return replay(failure.trace for failure in errors.all_set_aside())
