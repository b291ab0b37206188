"""Relay and beat on several hosts: one of each leads, and another follows one that is stopped or killed."""

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest
from django.conf import settings

from callstore.base import valkey
from callstore.celery import app
from callstore.eventlog.db.leader import LEASE_S
from callstore.eventlog.db.statement import run
from callstore.local.processes import by_this_python, processes
from tests.projection.facts import keep, sid, sql, status
from tests.projection.test_pipeline import url as database_url

pytestmark = pytest.mark.django_db(transaction=True)
WITHIN_S = 10
COMMANDS = {process.name: by_this_python(process.argv) for process in processes("127.0.0.1", 0)}
ASKING = (
    "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%INTO log.leader%%'"
)
OWN_DATABASE = "/6"  # of Valkey: nobody works on its queues


@pytest.fixture
def queue() -> Iterator["valkey.redis.Redis"]:
    sql("UPDATE log.head SET done = version, since = NULL")
    with valkey.client(settings.REDIS_URL.rpartition("/")[0] + OWN_DATABASE) as own:
        own.flushdb()
        yield own
        own.flushdb()


@pytest.fixture
def start() -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Starts a process as one more host would."""
    running: list[subprocess.Popen[bytes]] = []
    broker = settings.REDIS_URL.rpartition("/")[0] + OWN_DATABASE
    there = {**os.environ, "REDIS_URL": broker, "DATABASE_URL": database_url()}

    def begin(name: str) -> subprocess.Popen[bytes]:
        running.append(subprocess.Popen(COMMANDS[name], cwd=settings.BASE_DIR, env=there))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.wait()


def leader(role: str) -> str | None:
    found = run("SELECT holder::text FROM log.leader WHERE role = %s AND until > now()", [role])
    return found[0][0] if found else None


def taken_over(role: str, before: str | None) -> str:
    """Who leads now, of whom `before` is not; it has so many seconds."""
    began = time.monotonic()
    while (now := leader(role)) in (None, before):
        assert time.monotonic() - began < (WITHIN_S if before else 60), f"nobody took {role} over"
        time.sleep(0.05)
    assert now
    return now


def sent(queue: "valkey.redis.Redis") -> list[dict]:
    """What the queues hold."""
    return [json.loads(task) for name in ("calls", "recordings") for task in queue.lrange(name, 0, -1)]


def enqueued(queue: "valkey.redis.Redis") -> Counter[str]:
    """How often each trace was given to workers."""
    found: Counter[str] = Counter()
    for task in sent(queue):
        if task["headers"]["task"] == "projection.project":
            found.update(task["headers"]["argsrepr"][3:-3].split("', '"))
    return found


def test_a_relay_that_is_stopped_or_killed_is_followed_and_no_call_is_given_out_twice(queue, start):
    def given_out() -> None:
        traces = {str(trace) for trace in keep(*(status(sid(), "ringing") for _ in range(30)))}
        until(lambda: traces <= set(enqueued(queue)), WITHIN_S)
        sql("UPDATE log.head SET done = version, since = NULL")  # as the workers would

    first = start("relay")
    one = taken_over("relay", None)
    second = start("relay")
    given_out()
    first.send_signal(signal.SIGSTOP)
    other = taken_over("relay", one)
    given_out()
    first.send_signal(signal.SIGCONT)
    given_out()
    assert leader("relay") == other
    second.kill()
    given_out()
    assert leader("relay") == one
    assert set(enqueued(queue).values()) == {1}


def test_a_beat_that_is_stopped_or_killed_is_followed_and_sends_nothing_twice(queue, start):
    began = time.time()
    first = start("beat")
    one = taken_over("beat", None)
    second = start("beat")
    until(lambda: sent(queue), 30)
    first.send_signal(signal.SIGSTOP)
    other = taken_over("beat", one)
    first.send_signal(signal.SIGCONT)
    second.kill()
    assert taken_over("beat", other) == one
    until(lambda: Counter(names(queue))["projection.ask_twilio"] >= 2, 30)
    lasted = time.time() - began
    most = {
        entry["task"]: 1 + lasted / entry["schedule"] if isinstance(entry["schedule"], float) else 1
        for entry in app.conf.beat_schedule.values()
    }
    assert not {name: times for name, times in Counter(names(queue)).items() if times > most[name]}


def test_a_beat_that_is_told_to_end_while_it_asks_who_leads_ends_and_lets_another_lead(queue, start):
    own = start("beat")
    taken_over("beat", None)
    with psycopg.connect(database_url()) as other:
        other.execute("SELECT FROM log.leader WHERE role = 'beat' FOR UPDATE")
        until(lambda: sql(ASKING), WITHIN_S)
        own.terminate()
        with suppress(subprocess.TimeoutExpired):
            own.wait(0.5)  # it may wait for what we hold, as for a database that is slow
    assert own.wait(WITHIN_S) == 0
    # What it asked when it was told to end may be done after it resigned: for a lease at most.
    until(lambda: leader("beat") is None, LEASE_S + 1)


def names(queue: "valkey.redis.Redis") -> list[str]:
    return [task["headers"]["task"] for task in sent(queue)]


def until(condition: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)
