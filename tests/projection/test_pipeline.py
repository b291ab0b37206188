"""Relay and worker as real processes, on a real Postgres and a real Valkey, while both are broken."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from time import monotonic, sleep

import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection

from callstore.eventlog.heads import versions
from callstore.projection.rebuild.diff import differences
from callstore.projection.rebuild.scope import Scope
from tests.projection.facts import call_ids, keep, said, sid, sql, status
from tests.projection.facts import rtc as session_id

pytestmark = pytest.mark.django_db(transaction=True)

MANAGE = [sys.executable, "manage.py"]
WORKER = [
    sys.executable,
    "-m",
    "celery",
    "--quiet",
    "--app",
    "callstore.celery",
    "worker",
    "--loglevel=WARNING",
]
THREADS = ["--pool=threads", "--concurrency=2", "--without-gossip", "--without-mingle"]


@pytest.fixture
def valkey():
    sql("UPDATE log.head SET done = version, since = NULL")
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def start(tmp_path):
    """Start a process against the tests' database; whatever still runs at the end is stopped."""
    running = []
    environment = {**os.environ, "DATABASE_URL": url(), "REDIS_URL": settings.REDIS_URL}

    def start(*command):
        log = (tmp_path / f"{len(running)}.log").open("wb")
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        running.append(process)
        return process

    yield start
    for process in running:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def url() -> str:
    """The tests' database."""
    database = connection.get_connection_params()
    user = f"{database['user']}:{database.get('password', '')}"
    return f"postgresql://{user}@{database['host']}:{database['port']}/{database['dbname']}"


def until(condition, seconds=60):
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "still dirty"
        sleep(0.05)


def is_clean(traces):
    return all(head.version == head.done for head in versions.read(traces).values())


def some_calls(number):
    legs = [(sid(), session_id()) for _ in range(number)]
    return keep(
        *(status(leg, "completed") for leg, _ in legs), *(said(session, "Hello") for _, session in legs)
    )


def test_a_killed_worker_and_an_emptied_broker_lose_no_call(valkey, start):
    start(*MANAGE, "relay")
    worker = start(*WORKER, *THREADS)
    traces = some_calls(300)
    until(lambda: call_ids(traces))
    os.killpg(worker.pid, signal.SIGKILL)
    more = some_calls(30)
    until(lambda: valkey.llen("calls"))
    valkey.flushdb()
    start(*WORKER, *THREADS)
    until(lambda: is_clean(traces | more))
    assert len(call_ids(traces | more)) == 660
    assert list(differences(Scope(only=tuple(sorted(traces | more))), lambda _: None)) == []


def test_a_fact_that_commits_late_is_projected(valkey, start):
    start(*MANAGE, "relay")
    start(*WORKER, *THREADS)
    leg = sid()
    with psycopg.connect(**connection.get_connection_params()) as late:
        early = keep(status(leg, "ringing"))
        until(lambda: is_clean(early))
        # A writer that has taken its place in the log, and commits only after later facts were projected.
        copied = (
            "bucket, trace_id, subject, source, type, schema_version, occurred_at, clock, precision_ms,"
            " received_at, refs, facts, body, mac, row_sha"
        )
        late.execute(
            f"INSERT INTO log.event (dedup_key, {copied}) SELECT 'late', {copied} FROM log.event"
            " WHERE subject = %s",
            [f"twilio:{leg}"],
        )
        other = keep(status(sid(), "ringing"))
        until(lambda: is_clean(other))
        late.execute(
            "UPDATE log.head SET version = version + 1, since = now() WHERE trace_id = ANY(%s)", [list(early)]
        )
    until(lambda: is_clean(early))
    assert sql("SELECT event_count FROM call WHERE call_id = ANY(%s)", list(early)) == [(2,)]


def test_the_relay_stops_cleanly_when_told_to(valkey, start):
    relay = start(*MANAGE, "relay")
    until(lambda: valkey.exists("callstore:alive:relay"))
    relay.terminate()
    assert relay.wait(10) == 0
