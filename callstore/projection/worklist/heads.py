"""The work list: heads of the log whose version has moved past what was projected.

Heads are written one statement a head, in the order of traces, as append does it: so nobody deadlocks,
whatever plan Postgres makes, and each statement is one shard's where the log is spread over several.
"""

from collections.abc import Iterable, Mapping
from random import uniform
from typing import NamedTuple
from uuid import UUID

from callstore.eventlog.db.statement import run, run_each
from callstore.projection.worklist.parking import (
    fail as fail,  # with it, this module is the Ledger of the live set
)

LEASE_S = 15  # far longer than a batch takes; as long as a lost batch is waited for
# Traces whose worker died together come back apart, so that the guilty one does not take the others along.
LEASE_SPREAD_S = 5
# A live call rests between two folds, so that a burst of events becomes one fold; a long call rests about as
# long as its fold takes, and so never takes more than half of a worker.
REST_S = 0.05
REST_PER_EVENT_S = 5e-6

DIRTY = "since IS NOT NULL"
FREE = f"{DIRTY} AND lease < now()"


class Head(NamedTuple):
    """How far the log is with a trace, and how far its projection."""

    version: int
    done: int


class Claim(NamedTuple):
    """A leased trace, and how often its projection began and was not finished."""

    trace: UUID
    attempts: int


def read(traces: Iterable[UUID]) -> dict[UUID, Head]:
    """The heads of these traces, all at one moment. Traces without calls have none."""
    rows = run("SELECT trace_id, version, done FROM log.head WHERE trace_id = ANY(%b)", [list(traces)])
    return {trace: Head(version, done) for trace, version, done in rows}


def claim(most: int) -> list[Claim]:
    """Lease up to `most` dirty heads, the longest dirty first."""
    wanted = run(f"SELECT trace_id FROM log.head WHERE {FREE} ORDER BY since LIMIT %s", [most])
    rows = run_each(
        f"UPDATE log.head SET lease = now() + %s * interval '1 s' WHERE trace_id = %s AND {FREE}"
        " RETURNING trace_id, attempts",
        [(LEASE_S + uniform(0, LEASE_SPREAD_S), trace) for (trace,) in sorted(wanted)],
    )
    return [Claim(*row) for row in rows]


def release(traces: Iterable[UUID]) -> None:
    """Give leases back unused: nothing was tried, or nothing was wrong."""
    run_each(
        "UPDATE log.head SET lease = '-infinity', attempts = 0 WHERE trace_id = %s AND lease < 'infinity'",
        [(trace,) for trace in sorted(traces)],
    )


def begin(traces: Iterable[UUID]) -> None:
    """Count an attempt before it is made: a worker that is killed in the middle of it can count nothing."""
    run_each(
        f"UPDATE log.head SET attempts = attempts + 1 WHERE trace_id = %s AND {DIRTY}",
        [(trace,) for trace in sorted(traces)],
    )


def finish(versions: Mapping[UUID, int]) -> None:
    """Mark what a fold has seen as done, in the caller's transaction. What came since stays dirty."""
    run_each(
        "UPDATE log.head SET done = greatest(done, %s), lease = now() + %s * interval '1 s', attempts = 0,"
        " error = NULL, since = CASE WHEN version > greatest(done, %s) THEN now() END WHERE trace_id = %s",
        [(seen, REST_S + seen * REST_PER_EVENT_S, seen, trace) for trace, seen in sorted(versions.items())],
    )
