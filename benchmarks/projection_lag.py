"""From an event's commit to the commit of the save that holds it, with relay and worker as `up` runs them.

A hundred live calls of realistic length get their events one by one, in turn, by four connections. Medians of
three rounds.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
import time
from multiprocessing import get_context
from uuid import UUID

import django

django.setup()

from benchmarks.harness.compare import demanded, table
from benchmarks.harness.running import caught_up, projection
from benchmarks.traffic.live import write
from callstore.eventlog.db.statement import run

SECONDS = float(os.environ.get("LAG_SECONDS", "6"))  # a round
ROUNDS = 3
RATE = 500.0
LIVE = 100  # calls at a time: five events a second each
LOOK_S = 0.005  # how exactly a save is seen
DEMANDED = (150, 1000)  # ms


def measured(seconds: float, rate: float | None) -> tuple[float, list[float]]:
    """Events a second, and the lags in ms, sorted."""
    processes = get_context("spawn")
    kept = processes.SimpleQueue()
    writer = processes.Process(target=write, args=(kept, LIVE, seconds, rate))
    writer.start()
    lags: list[float] = []
    pending: list[tuple[UUID, int, float]] = []
    while writer.is_alive() or pending or not kept.empty():
        while not kept.empty():
            pending.append(kept.get())
        traces = list({trace for trace, _, _ in pending})
        done = dict(run("SELECT trace_id, done FROM log.head WHERE trace_id = ANY(%b)", [traces]))
        now = time.monotonic()
        lags += [(now - at) * 1000 for trace, version, at in pending if done[trace] >= version]
        pending = [one for one in pending if done[one[0]] < one[1]]
        time.sleep(LOOK_S)
    return len(lags) / seconds, sorted(lags)


def round_(rate: float | None) -> tuple[float, float, float, float]:
    """Events a second, then the lag's p50, p95 and p99 in ms. Ends with nothing left to project."""
    reached, lags = measured(SECONDS, rate)
    cuts = statistics.quantiles(lags, n=100)
    caught_up()
    return reached, cuts[49], cuts[94], cuts[98]


def main() -> None:
    rows = []
    with projection():
        measured(3.0, RATE)  # until connections, plans and caches are warm
        for name, rate in ((f"{RATE:.0f} events/s", RATE), ("saturated", None)):
            rounds = [round_(rate) for _ in range(ROUNDS)]
            rows.append((name, *map(statistics.median, zip(*rounds, strict=True))))
    table(["load", "events/s", "p50 ms", "p95 ms", "p99 ms"], rows)
    for (name, *_, p99), most in zip(rows, DEMANDED, strict=True):
        demanded(f"projection lag, {name}, p99 ms", p99, most=most)
