"""The relay: finds calls whose head moved and enqueues them for the workers. One leads, others wait."""

import logging
from contextlib import suppress
from threading import Event
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg
import redis
from django.conf import settings
from django.db import Error, connection
from kombu.exceptions import OperationalError

from callstore.projection import heads, tasks

log = logging.getLogger(__name__)

POLL_S = 0.05
BATCH = 20  # calls a task
CLAIMED = 200  # calls a poll
LEASED = 500  # calls that may wait for workers: more would see their lease run out in the queue
LEADER = 0x63616C6C  # "call": the advisory lock that one relay holds
BEAT_S = 3.0
ALIVE_S = 12
PATIENCE_S = 2.0
LONGEST_WAIT_S = 5.0


def run(stop: Event) -> None:
    """Lead whenever no other relay does, until `stop` is set. Outlives Postgres and the broker."""
    wait = POLL_S
    while not stop.is_set():
        try:
            # Leadership lives and dies with this connection, so it is none of the pool's.
            with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
                wait = POLL_S
                _wait_and_lead(own, stop)
        except (Error, psycopg.Error) as error:
            log.warning("The database does not answer (%s); trying again.", type(error).__name__)
            connection.close()
            stop.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)


def turn() -> int | None:
    """Claim and enqueue what is dirty now: how many traces, or None if the broker did not take them."""
    claimed = heads.claim(CLAIMED, LEASED)
    for start in range(0, len(claimed), BATCH):
        if not _enqueue(claimed[start : start + BATCH]):
            heads.release(claimed[start:])
            return None
    return len(claimed)


def _wait_and_lead(own: psycopg.Connection[Any], stop: Event) -> None:
    leads, wait, next_beat = False, POLL_S, 0.0
    while not stop.is_set():
        if monotonic() >= next_beat:
            next_beat = monotonic() + BEAT_S
            leads = leads or _becomes_leader(own)
            own.execute("SELECT 1")  # as long as this answers, the lock is ours
            if leads:
                _beat()
        if leads:
            wait = _after(turn(), wait)
        stop.wait(wait)


def _after(enqueued: int | None, wait: float) -> float:
    if enqueued is not None:
        if wait > POLL_S:
            log.warning("The broker answers again.")
        return POLL_S
    if wait == POLL_S:
        log.warning("The broker takes no tasks; calls stay dirty until it does.")
    return min(wait * 2, LONGEST_WAIT_S)


def _becomes_leader(own: psycopg.Connection[Any]) -> bool:
    found = own.execute("SELECT pg_try_advisory_lock(%s)", [LEADER]).fetchone()
    return bool(found and found[0])


def _enqueue(traces: list[UUID]) -> bool:
    try:
        tasks.project.apply_async([[str(trace) for trace in traces]], retry=False)
    except OperationalError:
        return False
    return True


def _beat() -> None:
    valkey = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S
    )
    with suppress(redis.RedisError), valkey:
        valkey.set("callstore:alive:relay", 1, ex=ALIVE_S)
