"""The named locks of a database: who holds one alone, who holds it with others, and trying again after one.

They are Postgres' advisory locks, so neither appends nor readers ever wait for them.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from time import sleep
from typing import TypeVar
from uuid import UUID

from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from callstore.eventlog.db.statement import run

TRIES, PAUSE_S = 60, 1.0  # whoever reads for a minute is waited for
# Between two statements of a save pass milliseconds: whoever says nothing for so long is stopped or cut off.
SILENT_S = 8

Result = TypeVar("Result")


class Lock(Enum):
    """The locks of connections. A number never changes: processes of an older version hold it, too."""

    CROSS_CALL = 0x6163726F  # "acro": alone by whoever looks at the recent calls together
    PREPARE = 0x70726570  # "prep": alone by whoever migrates and grants
    REBUILD = 0x72656275  # "rebu": alone by whoever fills the second set of read models
    RETIRE = 0x72657469  # "reti": alone by a retirement, with others by proofs and exports


class TransactionLock(Enum):
    """The locks of transactions, which end with them. They are of another kind and exclude none of Lock's."""

    SAVE = 0x73617665  # "save": with others by every save, alone by whoever puts other tables in place


@contextmanager
def alone(lock: Lock) -> Iterator[bool]:
    """Hold a lock alone until the block ends, or not at all where somebody holds it; yields whether we do."""
    [(ours,)] = run("SELECT pg_try_advisory_lock(%s)", [lock.value])
    try:
        yield ours
    finally:
        if ours:
            run("SELECT pg_advisory_unlock(%s)", [lock.value])


@contextmanager
def alone_in_turn(lock: Lock) -> Iterator[None]:
    """Hold a lock alone until the block ends; who holds it is waited for.

    Asked for each second: an index that is built concurrently would wait for a statement that waits.
    """
    while True:
        with alone(lock) as ours:
            if ours:
                yield
                return
        sleep(PAUSE_S)


@contextmanager
def shared(lock: Lock) -> Iterator[None]:
    """Hold a lock with others until the block ends; who holds it alone is waited for."""
    run("SELECT pg_advisory_lock_shared(%s)", [lock.value])
    try:
        yield
    finally:
        run("SELECT pg_advisory_unlock_shared(%s)", [lock.value])


def hold_in_transaction(lock: TransactionLock) -> None:
    """Hold a lock alone until the open transaction ends; who shares it is waited for."""
    run("SELECT pg_advisory_xact_lock(%s::int, 0)", [lock.value])


def share_in_transaction(lock: TransactionLock, traces: Iterable[UUID]) -> None:
    """Until the open transaction ends hold a lock with others and each of these traces alone; one round trip.

    Whoever takes several traces takes them in one order, so that nobody waits in a ring. The server ends the
    transaction of whoever then says nothing for SILENT_S.
    """
    run(
        "SELECT set_config('idle_in_transaction_session_timeout', %s, true)"
        " UNION ALL SELECT pg_advisory_xact_lock_shared(%s::int, 0)::text"
        " UNION ALL SELECT pg_advisory_xact_lock(n)::text FROM unnest(%b::bigint[]) AS n",
        [f"{SILENT_S}s", lock.value, sorted({_number(trace) for trace in traces})],
    )


def again_while_locked(attempt: Callable[[], Result]) -> Result:
    """What `attempt` returns; it is made again, a minute long, while it runs into its lock_timeout.

    Raises the django.db.OperationalError of the last attempt, of which `met_lock` is true.
    """
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except OperationalError as error:
            if not met_lock(error):
                raise
            sleep(PAUSE_S)
    return attempt()


def met_lock(error: OperationalError) -> bool:
    """Whether a statement gave up because of a lock that somebody else held."""
    return isinstance(error.__cause__, LockNotAvailable)


def _number(trace: UUID) -> int:
    # The last 8 bytes of a UUIDv7 are random: two calls share one hardly ever, and then only wait. Its
    # variant makes the number negative, so it is none of Lock's.
    return int.from_bytes(trace.bytes[8:], signed=True)
