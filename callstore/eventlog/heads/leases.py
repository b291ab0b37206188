"""Who works on which trace: those behind are leased, the longest behind first, and left alone meanwhile.

Heads are written one statement a head, in the order of traces, as append does it: so nobody deadlocks,
whatever plan Postgres makes, and each statement is one shard's where the log is spread over several.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from callstore.eventlog.db.statement import run, run_each

BEHIND = "since IS NOT NULL"
FREE = f"{BEHIND} AND lease < now()"


class Lease(NamedTuple):
    """A leased trace, and how often work on it began and was not finished."""

    trace: UUID
    attempts: int


class Work(NamedTuple):
    """How many events of a trace are done, and for how many seconds it then rests."""

    trace: UUID
    done: int
    rest_s: float


def take(most: int, length_s: Callable[[], float]) -> list[Lease]:
    """Lease up to `most` traces that are behind, each for so many seconds."""
    wanted = run(f"SELECT trace_id FROM log.head WHERE {FREE} ORDER BY since LIMIT %s", [most])
    rows = run_each(
        f"UPDATE log.head SET lease = now() + %s * interval '1 s' WHERE trace_id = %s AND {FREE}"
        " RETURNING trace_id, attempts",
        [(length_s(), trace) for (trace,) in sorted(wanted)],
    )
    return [Lease(*row) for row in rows]


def give_back(traces: Iterable[UUID]) -> None:
    """End the leases of these traces, and forget their attempts; what was set aside stays so."""
    run_each(
        "UPDATE log.head SET lease = '-infinity', attempts = 0 WHERE trace_id = %s AND lease < 'infinity'",
        [(trace,) for trace in sorted(traces)],
    )


def begin(traces: Iterable[UUID]) -> None:
    """Count an attempt before it is made: a worker that is killed in the middle of it can count nothing."""
    run_each(
        f"UPDATE log.head SET attempts = attempts + 1 WHERE trace_id = %s AND {BEHIND}",
        [(trace,) for trace in sorted(traces)],
    )


def finish(work: Iterable[Work]) -> None:
    """Enter what is done, in the caller's transaction. What came since keeps its trace behind."""
    run_each(
        "UPDATE log.head SET done = greatest(done, %s), lease = now() + %s * interval '1 s', attempts = 0,"
        " error = NULL, since = CASE WHEN version > greatest(done, %s) THEN now() END WHERE trace_id = %s",
        [(done, rest_s, done, trace) for trace, done, rest_s in sorted(work)],
    )


class Behind(NamedTuple):
    """How many traces are behind and not set aside, and since when the longest is; None where none is."""

    traces: int
    since: datetime | None


def unclaimed_s() -> float:
    """For how many seconds the longest waits that could be leased and is not; 0 where none does."""
    [(waited,)] = run(
        f"SELECT extract(epoch FROM now() - min(greatest(since, lease)))::float FROM log.head WHERE {FREE}",
        [],
    )
    return float(waited or 0)


def behind() -> Behind:
    """What the readers of the log have yet to do."""
    rows = run(
        f"SELECT count(*), min(since) FROM log.head WHERE {BEHIND} AND lease < %s::timestamptz", ["infinity"]
    )
    return Behind(*rows[0])
