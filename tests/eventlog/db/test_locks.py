"""The locks that processes share, also with those of an older version."""

from contextlib import contextmanager
from time import monotonic
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection, reset_queries, transaction
from django.test.utils import CaptureQueriesContext

from callstore.eventlog.db import locks
from callstore.eventlog.db.locks import Lock, TransactionLock
from callstore.eventlog.db.statement import run

pytestmark = pytest.mark.django_db(transaction=True)

TRACE = UUID("019af000-0000-7000-8000-00000000002a")
NUMBER = -0x8000000000000000 + 0x2A  # of TRACE: its last eight bytes, signed


@contextmanager
def somebody_else():
    """A connection of another process, in a transaction."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        yield other
        other.rollback()


def free(statement: str, *parameters: int) -> bool:
    """Whether another process could have a lock now, by a statement of its own."""
    with somebody_else() as other:
        [(had,)] = other.execute(f"SELECT {statement}", parameters).fetchall()
        other.execute("SELECT pg_advisory_unlock_all()")
        return had


@pytest.mark.parametrize(
    ("lock", "number"),
    [
        (Lock.CROSS_CALL, 0x6163726F),
        (Lock.PREPARE, 0x70726570),
        (Lock.REBUILD, 0x72656275),
        (Lock.RETIRE, 0x72657469),
    ],
)
def test_a_process_of_an_older_version_is_kept_out_by_the_number_it_knows(lock, number):
    with locks.alone(lock) as ours:
        assert ours and not free("pg_try_advisory_lock(%s)", number)
    assert free("pg_try_advisory_lock(%s)", number)


def test_a_save_keeps_out_an_older_versions_swap_and_its_saves_of_the_same_traces():
    alone, with_others = "pg_try_advisory_xact_lock(%s, 0)", "pg_try_advisory_xact_lock_shared(%s, 0)"
    with transaction.atomic():
        locks.share_in_transaction(TransactionLock.SAVE, [TRACE])
        assert free(with_others, 0x73617665) and not free(alone, 0x73617665)
        assert not free("pg_try_advisory_xact_lock(%s)", NUMBER)
    with transaction.atomic():
        locks.hold_in_transaction(TransactionLock.SAVE)
        assert not free(with_others, 0x73617665)
    assert free(alone, 0x73617665) and free("pg_try_advisory_xact_lock(%s)", NUMBER)


def test_a_save_takes_all_its_locks_in_one_round_trip():
    reset_queries()  # of the last 9,000, which Django keeps, a block tells by how many there are
    with transaction.atomic(), CaptureQueriesContext(connection) as sent:
        locks.share_in_transaction(TransactionLock.SAVE, [TRACE, UUID(int=TRACE.int + 1)])
        assert len(sent) == 1


def test_the_locks_of_a_save_that_is_stopped_or_cut_off_are_soon_free(monkeypatch):
    monkeypatch.setattr(locks, "SILENT_S", 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        locks.share_in_transaction(TransactionLock.SAVE, [TRACE])
        assert not free("pg_try_advisory_xact_lock(%s)", NUMBER)
        deadline = monotonic() + 10
        while not free("pg_try_advisory_xact_lock(%s)", NUMBER):
            assert monotonic() < deadline, "it is locked still"
        run("SELECT 1", [])
    connection.close()
    assert run("SHOW idle_in_transaction_session_timeout", []) == [("0",)]


def test_the_server_looks_whether_a_silent_host_is_there():
    limits = [int(run(f"SHOW tcp_keepalives_{name}", [])[0][0]) for name in ("idle", "interval", "count")]
    assert limits[0] + limits[1] * limits[2] < 10


def test_the_server_waits_no_longer_for_a_host_that_never_got_what_it_was_sent():
    """As where a cable was pulled in the midst of a save: `tests/test_hosts.py` waited for its locks."""
    assert run("SELECT current_setting('tcp_user_timeout')", []) == [("8000",)]


def test_who_cannot_be_alone_is_told_and_ends_nobody_elses_lock():
    with somebody_else() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [Lock.REBUILD.value])
        with locks.alone(Lock.REBUILD) as ours:
            assert not ours
        assert not free("pg_try_advisory_lock(%s)", Lock.REBUILD.value)


def test_a_lock_ends_with_its_block_also_when_that_fails():
    for held in (locks.alone, locks.shared):
        with pytest.raises(KeyError), held(Lock.RETIRE):
            raise KeyError
        assert free("pg_try_advisory_lock(%s)", Lock.RETIRE.value)


def test_proofs_share_a_lock_that_a_retirement_wants_alone():
    with locks.shared(Lock.RETIRE):
        assert free("pg_try_advisory_lock_shared(%s)", Lock.RETIRE.value)
        assert not free("pg_try_advisory_lock(%s)", Lock.RETIRE.value)


def _impatient():
    with transaction.atomic():
        run("SELECT set_config('lock_timeout', '10ms', true)", [])
        locks.hold_in_transaction(TransactionLock.SAVE)


def test_what_met_a_lock_is_tried_again_until_the_lock_is_free(monkeypatch):
    with somebody_else() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, 0)", [TransactionLock.SAVE.value])
        pauses: list[float] = []
        monkeypatch.setattr(locks, "sleep", lambda s: pauses.append(s) or len(pauses) < 3 or other.rollback())
        locks.again_while_locked(_impatient)
    assert pauses == [locks.PAUSE_S] * 3


def test_what_met_a_lock_for_a_minute_is_told_so(monkeypatch):
    monkeypatch.setattr(locks, "TRIES", 3)
    monkeypatch.setattr(locks, "PAUSE_S", 0.0)
    with somebody_else() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s, 0)", [TransactionLock.SAVE.value])
        with pytest.raises(OperationalError) as refused:
            locks.again_while_locked(_impatient)
    assert locks.met_lock(refused.value)


def test_what_failed_otherwise_is_not_tried_again(monkeypatch):
    monkeypatch.setattr(locks, "sleep", lambda s: pytest.fail("it was tried again"))

    def slow():
        with transaction.atomic():
            run("SELECT set_config('statement_timeout', '10ms', true)", [])
            run("SELECT pg_sleep(10)::text", [])

    with pytest.raises(OperationalError) as failed:
        locks.again_while_locked(slow)
    assert not locks.met_lock(failed.value)
