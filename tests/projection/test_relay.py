from threading import Event, Thread
from time import monotonic, sleep

import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection
from kombu.exceptions import OperationalError

from callstore.projection import heads, relay, tasks
from tests.projection.facts import keep, sid, sql, status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    """What would go to the workers; nothing that other tests left is dirty."""
    sql("UPDATE log.head SET done = version")
    enqueued: list[list[str]] = []
    monkeypatch.setattr(tasks.project, "apply_async", lambda args, retry: enqueued.append(args[0]))
    return enqueued


def dirty(calls: int = 1) -> set[str]:
    """Calls that became dirty before the debounce."""
    traces = keep(*(status(sid(), "ringing") for _ in range(calls)))
    sql("UPDATE log.head SET since = since - interval '1 s' WHERE version > done")
    return {str(trace) for trace in traces}


def until(condition, seconds=10):
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "nothing happened"
        sleep(0.02)


def test_dirty_calls_go_to_the_workers_in_batches(queue):
    traces = dirty(45)
    assert relay.turn() == 45
    assert [len(batch) for batch in queue] == [20, 20, 5]
    assert {trace for batch in queue for trace in batch} == traces


def test_a_leased_call_is_left_alone_until_its_lease_runs_out(queue):
    traces = dirty()
    assert [relay.turn(), relay.turn()] == [1, 0]
    sql("UPDATE log.head SET lease = now() - interval '1 s' WHERE version > done")
    assert relay.turn() == 1
    assert queue == [[*traces], [*traces]]


def test_a_burst_of_events_is_waited_for_but_never_longer_than_the_debounce(queue):
    keep(status(sid(), "ringing"))
    sql("UPDATE log.head SET since = now() + interval '1 s' WHERE version > done")
    assert relay.turn() == 0
    sql("UPDATE log.head SET since = now() - %s * interval '1 s' WHERE version > done", heads.DEBOUNCE_S)
    assert relay.turn() == 1


def test_parked_calls_are_left_alone(queue):
    dirty()
    sql("UPDATE log.head SET lease = 'infinity' WHERE version > done")
    assert relay.turn() == 0


def test_no_more_is_leased_than_the_workers_can_begin_in_time(queue, monkeypatch):
    monkeypatch.setattr(relay, "LEASED", 3)
    dirty(5)
    assert [relay.turn(), relay.turn()] == [3, 0]


def test_leases_are_given_back_when_the_broker_takes_no_task(queue, monkeypatch):
    traces = dirty(3)

    def refuse(args, retry):
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(tasks.project, "apply_async", refuse)
        assert relay.turn() is None
    assert relay.turn() == 3
    assert {trace for batch in queue for trace in batch} == traces


def test_one_relay_leads_and_another_takes_over(queue):
    first, second = Event(), Event()
    threads = [Thread(target=run, args=[stop]) for stop in (first, second)]
    threads[0].start()
    until(lambda: led_by() is not None)
    leader = led_by()
    threads[1].start()
    traces = dirty()
    until(lambda: queue)
    assert queue == [[*traces]]
    first.set()
    until(lambda: led_by() not in (None, leader))
    second.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_the_relay_outlives_its_connections_and_says_that_it_is_alive(queue):
    with redis.Redis.from_url(settings.REDIS_URL) as valkey:
        valkey.delete("callstore:alive:relay")
        stop = Event()
        thread = Thread(target=run, args=[stop])
        thread.start()
        until(lambda: valkey.exists("callstore:alive:relay"))
        cut_off_everybody_else()
        dirty()
        until(lambda: queue)
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def run(stop):
    try:
        relay.run(stop)
    finally:
        connection.close()


def led_by() -> int | None:
    found = sql(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted", relay.LEADER
    )
    return found[0][0] if found else None


def cut_off_everybody_else():
    connection.ensure_connection()
    mine = connection.connection.info.backend_pid
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid NOT IN (%s, pg_backend_pid())",
            [mine],
        )
