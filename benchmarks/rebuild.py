"""The whole log into a second set of read models, beside the ordered COPY that feeds it.

The log is that of realistic calls of some 330 events. What comes out is compared with what workers saved.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import time
from functools import partial

import django

django.setup()

from django.conf import settings
from django.db import connection
from redis import Redis

from benchmarks.harness.compare import demanded, table
from benchmarks.traffic.calls import stories
from benchmarks.traffic.filling import PEAKS, append_copies, weighed
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading import bulk
from callstore.projection import projector
from callstore.projection.rebuild import fill, shadow, swap
from callstore.projection.rebuild.workers import pool

EVENTS = int(os.environ.get("REBUILD_EVENTS", "300000"))
CORES = max(2, len(os.sched_getaffinity(0)))
PIECES = 2 * CORES
DEMANDED, SHARE = 60_000, 0.40
COPY = bulk.RANGE.replace("e.bucket = %s AND e.trace_id BETWEEN %s AND %s", "TRUE")


def filled(events: int = EVENTS) -> int:
    """Fills the log and projects it; how many events."""
    told = stories()
    each = partial(append_copies, told)
    with pool(CORES) as spread:
        list(spread(each, [events // PIECES] * PIECES))
    traces = [trace for (trace,) in run("SELECT trace_id FROM log.head ORDER BY trace_id", [])]
    for start in range(0, len(traces), 20):
        projector.project(traces[start : start + 20])
    [(kept,)] = run("SELECT count(*) FROM log.event", [])
    return int(kept)


def copied() -> float:
    """Seconds of the ordered COPY alone, to nowhere."""
    started = time.monotonic()
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for _ in copy:
            pass
    return time.monotonic() - started


def rebuilt(processes: int, valkey: "Redis") -> tuple[float, float, int]:
    """Seconds of the whole rebuild up to the swap, and of folding alone; the largest process (MB)."""
    stages: dict[str, float] = {}

    def shown(stage: str, done: int, total: int) -> None:
        stages.setdefault(stage, time.monotonic())

    run("SELECT rebuild.begin('')", [])
    valkey.delete(PEAKS)
    started = time.monotonic()
    failed = shadow.prepare(shown, processes)
    ended = time.monotonic()
    assert not failed, failed
    changes = swap.changes()
    assert (changes.appear, changes.vanish, changes.other, changes.verdicts) == (0, 0, 0, []), changes
    return ended - started, ended - stages["calls"], max(map(int, valkey.smembers(PEAKS)))


def main() -> None:
    events = filled()
    copied()
    ceiling = events / copied()
    fill.fill = weighed  # it runs in other processes, where the original is in place
    with Redis.from_url(settings.REDIS_URL) as valkey:
        whole, folding, peak = rebuilt(CORES, valkey)
    all_, folded = events / whole, events / folding
    table(
        ["", "events/s", "share of COPY", "MB of a process"],
        [
            ["ordered COPY to nowhere", ceiling, 1.0, ""],
            [f"rebuild, all of it, {CORES} processes", all_, all_ / ceiling, peak],
            [f"of it folding, {CORES} processes", folded, folded / ceiling, peak],
        ],
    )
    demanded("rebuild, events/s", all_, least=DEMANDED)
    demanded("rebuild to the ordered COPY that feeds it", all_ / ceiling, least=SHARE)
