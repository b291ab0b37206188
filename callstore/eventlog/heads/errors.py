"""Traces on which work failed: leased ever longer, then set aside, by a lease without an end."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from callstore.eventlog.db.statement import run, run_each


class Failure(NamedTuple):
    """A trace on which the last work failed."""

    trace: UUID
    error: str
    attempts: int
    since: datetime  # it is behind; now where it is not
    is_set_aside: bool


def fail(trace: UUID, error: str, *, most_attempts: int, first_wait_s: float) -> None:
    """Enter an error. The trace waits twice as long with each attempt; after the last it is set aside."""
    run_each(
        "UPDATE log.head SET error = %s, lease = CASE WHEN attempts >= %s THEN 'infinity'"
        " ELSE now() + (2 ^ attempts) * %s * interval '1 s' END WHERE trace_id = %s",
        [(error, most_attempts, first_wait_s, trace)],
    )


def set_aside(traces: Iterable[UUID], error: str) -> None:
    """Enter an error for each of these traces, and lease none of them any more."""
    run_each(
        "UPDATE log.head SET error = %s, lease = 'infinity' WHERE trace_id = %s",
        [(error, trace) for trace in sorted(traces)],
    )


def free_unless(ending: str) -> int:
    """Let every trace be leased again that was set aside with an error of another ending; how many."""
    rows = run(
        "SELECT trace_id FROM log.head WHERE since IS NOT NULL AND lease = 'infinity'"
        " AND right(coalesce(error, ''), %s) <> %s ORDER BY trace_id",
        [len(ending), ending],
    )
    run_each("UPDATE log.head SET lease = '-infinity', attempts = 0 WHERE trace_id = %s", rows)
    return len(rows)


def of(traces: Iterable[UUID]) -> list[Failure]:
    """Those of these traces on which the last work failed."""
    return _failures("trace_id = ANY(%b)", list(traces))


def all_set_aside() -> list[Failure]:
    """Every trace that was set aside, the longest behind first."""
    return _failures("since IS NOT NULL AND lease = %s::timestamptz", "infinity")


def _failures(condition: str, parameter: object) -> list[Failure]:
    rows = run(
        "SELECT trace_id, coalesce(error, ''), attempts, coalesce(since, now()), lease = 'infinity'"
        f" FROM log.head WHERE (error IS NOT NULL OR lease = 'infinity') AND {condition}"
        " ORDER BY since, trace_id",
        [parameter],
    )
    return [Failure(*row) for row in rows]


def free(traces: Iterable[UUID]) -> int:
    """Let these traces be leased again where they were set aside; how many were."""
    rows = run_each(
        "UPDATE log.head SET lease = '-infinity', attempts = 0"
        " WHERE trace_id = %s AND since IS NOT NULL AND lease = 'infinity' RETURNING 1",
        [(trace,) for trace in sorted(traces)],
    )
    return len(rows)
