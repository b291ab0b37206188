"""The relay: finds calls whose head moved and enqueues them for the workers. One leads, others wait."""

import logging
from collections.abc import Sequence
from threading import Event
from time import monotonic
from uuid import UUID

import redis
from django.conf import settings
from django.db import Error, connection
from kombu.exceptions import OperationalError

from callstore.base import heartbeat
from callstore.base.valkey import valkey
from callstore.eventlog.db.leader import Leadership
from callstore.eventlog.heads.leases import Lease
from callstore.postgres.reachable import is_reachable
from callstore.projection import tasks
from callstore.projection.worklist import heads, parking

log = logging.getLogger(__name__)

POLL_S = 0.05
POLL_IN_TRAFFIC_S = 0.02  # while there is work: nobody minds the CPU, and every poll is waited for
BATCH = 20  # calls a task
CLAIMED = 200  # calls a poll
QUEUED = 25  # tasks that may wait for workers: with more, leases would run out in the queue
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 5.0


def run(stop: Event) -> None:
    """Lead whenever no other relay does, until `stop` is set. Outlives Postgres and the broker."""
    trouble, leadership = _Trouble(), Leadership("relay")
    while not stop.is_set():
        try:
            _wait_and_lead(leadership, stop, trouble)
        except Error as error:
            trouble.met(error)
            connection.close()
            stop.wait(trouble.wait_s)
            while not stop.is_set() and not is_reachable():  # a pool would hold us up long after it is back
                stop.wait(FIRST_WAIT_S)


class _Trouble:
    """Trouble with the database: each kind is told once, and waited for, longer from time to time."""

    def __init__(self) -> None:
        self.wait_s, self._told = 0.0, ""

    def met(self, error: Exception) -> None:
        told = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no reason given'}"
        if told != self._told:
            log.warning("The database lets nothing be done (%s); trying again.", told)
        self._told = told
        self.wait_s = min(max(self.wait_s * 2, FIRST_WAIT_S), LONGEST_WAIT_S)

    def over(self) -> None:
        if self._told:
            log.warning("The database answers again.")
        self.wait_s, self._told = 0.0, ""


def turn(broker: "redis.Redis") -> int | None:
    """Claim and enqueue what is dirty now: how many traces, or None if the broker takes no tasks."""
    try:
        room = QUEUED - int(broker.llen(settings.CELERY_TASK_DEFAULT_QUEUE))
    except redis.RedisError:
        return None
    claimed = heads.claim(min(CLAIMED, room * BATCH)) if room > 0 else []
    killers = [trace for trace, attempts in claimed if attempts >= parking.MOST_ATTEMPTS]
    parking.park_killers(killers)
    batches = _batches([c for c in claimed if c.attempts < parking.MOST_ATTEMPTS])
    for done, batch in enumerate(batches):
        if not _enqueue(batch):
            heads.release(trace for left in batches[done:] for trace in left)
            return None
    return sum(map(len, batches))


def _batches(claimed: Sequence[Lease]) -> list[list[UUID]]:
    # Whatever failed or lost its worker goes alone: it may be one that takes a whole batch with it.
    fresh = [trace for trace, attempts in claimed if not attempts]
    return [
        *(fresh[start : start + BATCH] for start in range(0, len(fresh), BATCH)),
        *([trace] for trace, attempts in claimed if attempts),
    ]


def _wait_and_lead(leadership: Leadership, stop: Event, trouble: _Trouble) -> None:
    wait, next_beat = POLL_S, 0.0
    while not stop.is_set():
        if leadership.is_due:
            if leadership.claim():
                _retry_parked()
            trouble.over()
        if leadership.holds:
            if monotonic() >= next_beat:
                next_beat = monotonic() + heartbeat.BEAT_EVERY_S
                heartbeat.beat("relay")
            wait = _after(turn(valkey()), wait)
        stop.wait(wait)
    leadership.resign()


def _after(enqueued: int | None, wait: float) -> float:
    if enqueued is not None:
        if wait > POLL_S:
            log.warning("The broker answers again.")
        return POLL_IN_TRAFFIC_S if enqueued else POLL_S
    if wait <= POLL_S:
        log.warning("The broker takes no tasks; calls stay dirty until it does.")
    return min(max(wait, POLL_S) * 2, LONGEST_WAIT_S)


def _retry_parked() -> None:
    if freed := parking.free_what_other_rules_parked():
        log.warning("%d calls that other rules could not project are tried again.", freed)


def _enqueue(traces: list[UUID]) -> bool:
    try:
        tasks.project.apply_async([[str(trace) for trace in traces]], retry=False)
    except OperationalError:
        return False
    return True
