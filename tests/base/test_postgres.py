from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic

import psycopg
import pytest
from django.db import connection
from psycopg_pool import PoolTimeout

from callstore.postgres.base import Pool
from callstore.postgres.reachable import why_away

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def in_threads() -> list[int]:
    """The backend that each of so many threads talked to, at once."""
    together = Barrier(THREADS)

    def ask(_: int) -> int:
        try:
            with connection.cursor() as cursor:
                together.wait(30)
                cursor.execute("SELECT pg_backend_pid()")
                return cursor.fetchone()[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return [*threads.map(ask, range(THREADS))]


def hang_up_on_everybody() -> None:
    connection.close()
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        own.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_after_a_server_was_started_again_nobody_waits_for_more_than_one_dead_connection():
    before = in_threads()
    hang_up_on_everybody()
    began = monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert monotonic() - began < 5  # the pool's own search waits 1, 2, 4 and 8 seconds
    connection.close()
    assert not {*before} & {*in_threads()}


def test_to_lend_a_connection_asks_the_server_nothing(monkeypatch):
    in_threads()
    asked: list[str] = []
    execute = psycopg.Connection.execute

    def listening(self, query, *args, **kwargs):
        asked.append(query)
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Connection, "execute", listening)
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert asked == []


def pool_of(patience_s=None, **given):
    kwargs = {**connection.get_connection_params(), "autocommit": True, **given}
    return Pool(kwargs=kwargs, min_size=0, max_size=1, timeout=5, reconnect_timeout=1, patience_s=patience_s)


def test_a_server_that_says_nothing_is_given_up_and_its_connection_lent_to_nobody():
    with pool_of(patience_s=0.3) as pool:
        with (
            pytest.raises(psycopg.OperationalError, match=r"said nothing for 0\.3 s"),
            pool.connection() as own,
        ):
            own.execute("SELECT pg_sleep(30)")
        assert own.closed
        with pool.connection() as own:
            assert own.execute("SELECT 1").fetchone() == (1,)


def test_without_patience_a_statement_has_all_its_time():
    with pool_of() as pool, pool.connection() as own:
        assert own.execute("SELECT 1 FROM pg_sleep(0.5)").fetchone() == (1,)


def test_who_is_lent_no_connection_reads_what_the_server_said():
    with (
        pool_of(dbname="nowhere") as pool,
        pytest.raises(PoolTimeout, match='database "nowhere" does not exist'),
    ):
        pool.getconn(timeout=0.5)


def test_a_server_that_refuses_a_connection_is_told_with_its_own_words_in_one_line(monkeypatch):
    assert why_away() is None
    elsewhere = {**connection.get_connection_params(), "dbname": "nowhere"}
    monkeypatch.setattr(connection, "get_connection_params", lambda: elsewhere)
    said = why_away()
    assert said is not None and 'database "nowhere" does not exist' in said and "\n" not in said


def test_a_time_to_connect_in_the_address_is_no_other_answer(monkeypatch):
    patient = {**connection.get_connection_params(), "connect_timeout": "5"}
    monkeypatch.setattr(connection, "get_connection_params", lambda: patient)
    assert why_away() is None
