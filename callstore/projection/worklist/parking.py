"""Calls that cannot be projected: tried again ever later, then set aside with their error until a replay."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from callstore.eventlog.db.statement import run, run_each
from callstore.verdict.truncation import RULES_VERSION

MOST_ATTEMPTS = 5
UNDER = f" (rules {RULES_VERSION})"  # ends every error: other rules may do better


class Failure(NamedTuple):
    """A trace whose last projection failed."""

    trace: UUID
    error: str
    attempts: int
    since: datetime  # it is behind; now where a replay of what was not failed
    parked: bool


def fail(trace: UUID, error: str) -> None:
    """Wait twice as long as before the last try; after MOST_ATTEMPTS park the trace."""
    run_each(
        "UPDATE log.head SET error = %s, lease = CASE WHEN attempts >= %s THEN 'infinity'"
        " ELSE now() + (2 ^ attempts) * interval '0.5 s' END WHERE trace_id = %s",
        [(error + UNDER, MOST_ATTEMPTS, trace)],
    )


def park_killers(traces: Iterable[UUID]) -> None:
    """Park traces whose projection began too often and was never heard of again: their worker was killed."""
    run_each(
        "UPDATE log.head SET error = %s, lease = 'infinity' WHERE trace_id = %s",
        [(f"WorkerKilled {MOST_ATTEMPTS} times{UNDER}", trace) for trace in sorted(traces)],
    )


def free_what_other_rules_parked() -> int:
    """Let every trace be tried again that was parked under rules of another version; how many they are."""
    rows = run(
        "SELECT trace_id FROM log.head WHERE since IS NOT NULL AND lease = 'infinity'"
        " AND right(coalesce(error, ''), %s) <> %s ORDER BY trace_id",
        [len(UNDER), UNDER],
    )
    run_each("UPDATE log.head SET lease = '-infinity', attempts = 0 WHERE trace_id = %s", rows)
    return len(rows)


def failures(traces: Iterable[UUID]) -> list[Failure]:
    """Those of these traces whose last projection failed."""
    return _failures("trace_id = ANY(%b)", list(traces))


def parked() -> list[Failure]:
    """Every parked trace, the longest parked first."""
    return _failures("since IS NOT NULL AND lease = %s::timestamptz", "infinity")


def _failures(condition: str, parameter: object) -> list[Failure]:
    rows = run(
        "SELECT trace_id, coalesce(error, ''), attempts, coalesce(since, now()), lease = 'infinity'"
        f" FROM log.head WHERE (error IS NOT NULL OR lease = 'infinity') AND {condition}"
        " ORDER BY since, trace_id",
        [parameter],
    )
    return [Failure(*row) for row in rows]
