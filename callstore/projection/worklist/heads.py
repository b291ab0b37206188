"""The ledger of the live set: the log's heads, and for how long a trace is leased, rests and waits."""

from collections.abc import Iterable, Mapping
from random import uniform
from uuid import UUID

from callstore.eventlog.heads import errors, leases
from callstore.eventlog.heads.leases import Lease, Work
from callstore.projection.worklist import parking

LEASE_S = 7  # far longer than a batch takes; as long as what a host had that was cut off is waited for
# Traces whose worker died together come back apart, so that the guilty one does not take the others along.
LEASE_SPREAD_S = 2
# A live call rests between two folds, so that a burst of events becomes one fold; a long call rests about as
# long as its fold takes, and so never takes more than half of a worker.
REST_S = 0.05
REST_PER_EVENT_S = 5e-6
FIRST_WAIT_S = 0.5  # after a failure; each further one doubles it


def claim(most: int) -> list[Lease]:
    """Lease up to `most` traces that are behind, the longest behind first."""
    return leases.take(most, lambda: LEASE_S + uniform(0, LEASE_SPREAD_S))


def begin(traces: Iterable[UUID]) -> None:
    """Count an attempt at these traces, which are leased from now on: they may have waited in a queue."""
    leases.begin(traces, LEASE_S)


def release(traces: Iterable[UUID]) -> None:
    """Give leases back unused: nothing was tried, or nothing was wrong."""
    leases.give_back(traces)


def finish(versions: Mapping[UUID, int]) -> None:
    """Mark what a fold has read as done, in the caller's transaction. What came since stays behind."""
    leases.finish(
        Work(trace, done, rest_s=REST_S + done * REST_PER_EVENT_S) for trace, done in versions.items()
    )


def fail(trace: UUID, error: str) -> None:
    """Wait twice as long as before the last attempt; after MOST_ATTEMPTS park the trace."""
    errors.fail(trace, error + parking.UNDER, most_attempts=parking.MOST_ATTEMPTS, first_wait_s=FIRST_WAIT_S)
