"""Events a second through relay, broker and worker into saved calls, beside one Celery task per event.

Calls of 50 events, all dirty at once; the same worker command, fold and save; medians of interleaved runs.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
import time
from itertools import islice
from uuid import UUID

import django

django.setup()

from django.conf import settings
from redis import Redis

from benchmarks.harness.compare import demanded, table
from benchmarks.harness.running import RELAY, WORKER, caught_up, processes, until
from benchmarks.traffic.calls import copies, stories
from callstore.eventlog.db.statement import run, run_each
from callstore.eventlog.writing.append import append
from callstore.local.processes import by_this_python, worker

LENGTH = 50  # events a call
CALLS = int(os.environ.get("RATE_CALLS", "600"))
EVENTS = int(os.environ.get("RATE_EVENTS", "1000"))  # that the peer gets a task for
ROUNDS = 3
DEMANDED = 25
PEER = [
    part.replace("callstore.celery", "benchmarks.peers.per_event")
    for part in by_this_python(worker("peer", "events"))
]


def filled() -> list[tuple[UUID, int]]:
    """The calls, and how many events each of their traces has."""
    told = [call for call in stories() if len(call) >= LENGTH]
    for call in islice(copies(told), CALLS):
        append(call[:LENGTH])
    return run("SELECT trace_id, version FROM log.head ORDER BY trace_id", [])


def coalesced(events: int) -> float:
    """Events a second our way."""
    started = time.monotonic()
    rows = run("SELECT trace_id FROM log.head ORDER BY trace_id", [])
    run_each("UPDATE log.head SET done = 0, lease = '-infinity', since = now() WHERE trace_id = %s", rows)
    caught_up(pause=0.01)
    return events / (time.monotonic() - started)


def one_by_one(heads: list[tuple[UUID, int]], valkey: "Redis") -> float:
    """Events a second with a task each."""
    from benchmarks.peers.per_event import DONE, project_event

    traces = [str(trace) for trace, version in heads for _ in range(version)][:EVENTS]
    valkey.delete(DONE)
    started = time.monotonic()
    for trace in traces:
        project_event.delay(trace)
    until(lambda: int(valkey.get(DONE) or 0) == len(traces), pause=0.01)
    return len(traces) / (time.monotonic() - started)


def main() -> None:
    heads = filled()
    events = sum(version for _, version in heads)
    ours, theirs = [], []
    with Redis.from_url(settings.REDIS_URL) as valkey, processes(RELAY, WORKER, PEER):
        coalesced(events), one_by_one(heads[:1], valkey)  # until everything runs and is warm
        for _ in range(ROUNDS):
            theirs.append(one_by_one(heads, valkey))
            ours.append(coalesced(events))
    peer, relay = statistics.median(theirs), statistics.median(ours)
    rows = [["a task per event", peer, 1.0], ["relay, 20 calls a task", relay, relay / peer]]
    table(["design", "events/s", "ratio"], rows)
    demanded("projection to a task per event", relay / peer, least=DEMANDED)
