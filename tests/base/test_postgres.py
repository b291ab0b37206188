from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic

import psycopg
import pytest
from django.db import connection

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
