from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic, sleep
from uuid import UUID

import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection
from kombu.exceptions import OperationalError

from callstore.eventlog.heads import versions
from callstore.projection import projector, relay, tasks
from callstore.projection.worklist import heads, parking
from tests.projection.facts import keep, sid, sql, status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    """What would go to the workers; nothing that other tests left is dirty."""
    sql("UPDATE log.head SET done = version, since = NULL, lease = '-infinity', attempts = 0, error = NULL")
    enqueued: list[list[str]] = []
    monkeypatch.setattr(tasks.project, "apply_async", lambda args, retry: enqueued.append(args[0]))
    return enqueued


@pytest.fixture
def broker():
    """A real one; no task waits there."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete("calls")
        yield client
        client.delete("calls")


def dirty(calls: int = 1) -> set[str]:
    """Calls that nobody has projected yet."""
    return {str(trace) for trace in keep(*(status(sid(), "ringing") for _ in range(calls)))}


def leases_run_out():
    sql("UPDATE log.head SET lease = now() - interval '1 s' WHERE version > done AND lease < 'infinity'")


def head(traces) -> tuple:
    [row] = sql(
        "SELECT attempts, lease::text, error FROM log.head WHERE trace_id = ANY(%s::uuid[])", [*traces]
    )
    return row


def until(condition, seconds=60):
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "nothing happened"
        sleep(0.02)


def test_dirty_calls_go_to_the_workers_in_batches(queue, broker):
    traces = dirty(45)
    assert relay.turn(broker) == 45
    assert [len(batch) for batch in queue] == [20, 20, 5]
    assert {trace for batch in queue for trace in batch} == traces


def test_a_leased_call_is_left_alone_until_its_lease_runs_out(queue, broker):
    traces = dirty()
    assert [relay.turn(broker), relay.turn(broker)] == [1, 0]
    leases_run_out()
    assert relay.turn(broker) == 1
    assert queue == [[*traces], [*traces]]


def test_a_call_rests_between_two_folds_so_that_a_burst_becomes_one(queue, broker, monkeypatch):
    monkeypatch.setattr(heads, "REST_S", 1.0)  # long enough for what a busy machine does in between
    leg = sid()
    traces = keep(status(leg, "ringing"))
    assert relay.turn(broker) == 1  # the first fact waits for nothing
    projector.project(traces)
    keep(status(leg, "in-progress"))
    assert relay.turn(broker) == 0
    keep(status(leg, "completed"))
    until(lambda: relay.turn(broker) == 1)
    projector.project(traces)
    assert [h.version - h.done for h in versions.read(traces).values()] == [0]


def test_parked_calls_are_left_alone(queue, broker):
    dirty()
    sql("UPDATE log.head SET lease = 'infinity' WHERE version > done")
    assert relay.turn(broker) == 0


def test_no_more_is_leased_than_the_workers_can_begin_in_time(queue, broker):
    dirty(60)
    broker.rpush("calls", *["a task"] * (relay.QUEUED - 2))
    assert relay.turn(broker) == 40
    broker.rpush("calls", *["a task"] * 2)
    assert relay.turn(broker) == 0
    broker.delete("calls")
    assert relay.turn(broker) == 20


def test_leases_are_given_back_when_the_broker_takes_no_task(queue, broker, monkeypatch):
    traces = dirty(3)

    def refuse(args, retry):
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(tasks.project, "apply_async", refuse)
        assert relay.turn(broker) is None
    assert relay.turn(broker) == 3
    assert {trace for batch in queue for trace in batch} == traces


def test_nothing_is_claimed_while_the_broker_is_away(queue):
    dirty()
    with redis.Redis.from_url("redis://127.0.0.1:1/0", retry=None) as away:
        assert relay.turn(away) is None
    assert sql("SELECT count(*) FROM log.head WHERE version > done AND lease > now()") == [(0,)]


def test_a_broker_that_refuses_says_so_at_once(monkeypatch):
    from callstore.celery import app

    with app.connection_for_write("redis://127.0.0.1:1/0") as away:
        began = monotonic()
        with pytest.raises(OperationalError):
            app.send_task("projection.project", [[]], connection=away, retry=False)
    assert monotonic() - began < 1


def test_a_call_whose_worker_is_killed_comes_back_alone_and_is_parked_in_the_end(queue, broker):
    killer = dirty()
    others = dirty(3)
    for attempt in range(parking.MOST_ATTEMPTS):
        queue.clear()
        assert relay.turn(broker)
        if attempt:
            assert [*killer] in queue
        heads.begin([UUID(trace) for batch in queue for trace in batch if trace in killer])
        projector.project([UUID(trace) for batch in queue for trace in batch if trace not in killer])
        leases_run_out()
    assert relay.turn(broker) == 0
    attempts, lease, error = head(killer)
    assert (attempts, lease) == (5, "infinity") and error.startswith("WorkerKilled")
    assert not sql("SELECT FROM log.head WHERE version > done AND trace_id = ANY(%s::uuid[])", [*others])


def test_a_lost_queue_counts_no_attempt(queue, broker):
    traces = dirty()
    for _ in range(parking.MOST_ATTEMPTS + 1):
        assert relay.turn(broker) == 1
        leases_run_out()
    assert head(traces)[0] == 0


def test_new_rules_try_again_what_the_old_ones_parked(queue, broker, monkeypatch):
    traces = dirty()
    for trace in traces:
        sql("UPDATE log.head SET attempts = 5 WHERE trace_id = %s", trace)
        heads.fail(UUID(trace), "ValueError in rule")
    assert parking.free_what_other_rules_parked() == 0
    assert relay.turn(broker) == 0
    monkeypatch.setattr(parking, "UNDER", " (rules 999)")
    assert parking.free_what_other_rules_parked() == 1
    assert relay.turn(broker) == 1


def test_one_relay_leads_and_another_takes_over(queue, broker):
    with a_relay() as first:
        until(lambda: led_by() is not None)
        leader = led_by()
        with a_relay():
            traces = dirty()
            until(lambda: queue)
            assert queue == [[*traces]]
            first.set()
            until(lambda: led_by() not in (None, leader))


def test_the_relay_outlives_its_connections_and_says_that_it_is_alive(queue, broker):
    broker.delete("callstore:alive:relay")
    with a_relay():
        until(lambda: broker.exists("callstore:alive:relay"))
        cut_off_everybody_else()
        traces = dirty()
        until(lambda: queue)
        assert queue == [[*traces]]


@contextmanager
def a_relay():
    """A relay that runs beside the test and ends with it, whatever happens in between."""
    stop = Event()
    thread = Thread(target=run, args=[stop], daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


def run(stop):
    try:
        relay.run(stop)
    finally:
        connection.close()


def led_by() -> str | None:
    found = sql("SELECT holder::text FROM log.leader WHERE role = 'relay' AND until > now()")
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
