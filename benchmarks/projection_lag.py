"""From an event's commit to the commit of the save that holds it, with relay and worker as `up` runs them.

Live calls get their events one by one, in turn. Saturated: four threads append as fast as they can.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
import threading
import time
from collections import deque
from uuid import UUID

import django

django.setup()

from django.db import connection

from benchmarks.calls import copies, stories
from benchmarks.running import projection, until
from callstore.domain.record import Draft
from callstore.eventlog import stream
from callstore.eventlog.append import append
from callstore.eventlog.statement import run

SECONDS = float(os.environ.get("LAG_SECONDS", "20"))
RATE = 500.0
LIVE = 100  # calls at a time: five events a second each
WRITERS = 4
LOOK_S = 0.004  # how exactly a save is seen


class Live:
    """Calls under way, each at some event; when one is over the next begins."""

    def __init__(self, number: int) -> None:
        self.ahead = copies(stories(30))
        self.calls = deque(self._begun(next(self.ahead), n / number) for n in range(number))
        self.versions: dict[UUID, int] = {}

    def _begun(self, call: list[Draft], share: float) -> deque[Draft]:
        return deque(call[int(len(call) * share) :] or call)

    def append_one(self) -> tuple[UUID, int] | None:
        """The trace and its version after the append; None where the event was a duplicate or of no call."""
        call = self.calls[0]
        if not call:
            call = self.calls[0] = deque(next(self.ahead))
        self.calls.rotate(-1)
        draft = call.popleft()
        if append([draft]) == [None] or not draft.is_of_a_call:
            return None
        trace = stream.home_of(draft).trace
        self.versions[trace] = self.versions.get(trace, 0) + 1
        return trace, self.versions[trace]


class Watch(threading.Thread):
    """Sees when what was appended is saved."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: deque[tuple[UUID, int, float]] = deque()
        self.lags: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        pending: list[tuple[UUID, int, float]] = []
        while not self.over.is_set() or pending or self.waiting:
            while self.waiting:
                pending.append(self.waiting.popleft())
            rows = run(
                "SELECT trace_id, done FROM log.head WHERE trace_id = ANY(%b)",
                [list({p[0] for p in pending})],
            )
            now, done = time.monotonic(), dict(rows)
            self.lags += [now - at for trace, version, at in pending if done[trace] >= version]
            pending = [p for p in pending if done[p[0]] < p[1]]
            time.sleep(LOOK_S)
        connection.close()


def measured(seconds: float, rate: float | None) -> tuple[float, list[float]]:
    """Events a second, and the lags in ms, sorted."""
    watch = Watch()
    watch.start()
    started = time.monotonic()
    ends = started + seconds
    writers = [
        threading.Thread(target=write, args=(watch, ends, rate and rate / WRITERS)) for _ in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    took = time.monotonic() - started
    watch.over.set()
    watch.join()
    return len(watch.lags) / took, sorted(lag * 1000 for lag in watch.lags)


def write(watch: Watch, ends: float, rate: float | None) -> None:
    live = Live(LIVE // WRITERS)
    number, started = 0, time.monotonic()
    while (now := time.monotonic()) < ends:
        if rate and (due := started + number / rate) > now:
            time.sleep(due - now)
        number += 1
        if kept := live.append_one():
            watch.waiting.append((*kept, time.monotonic()))
    connection.close()


def main() -> None:
    rows = []
    with projection():
        measured(3.0, RATE)  # connections, plans and caches
        for name, rate in ((f"{RATE:.0f} events/s", RATE), ("saturated", None)):
            reached, lags = measured(SECONDS, rate)
            cuts = statistics.quantiles(lags, n=100)
            rows.append((name, reached, cuts[49], cuts[94], cuts[98]))
            until(lambda: run("SELECT count(*) FROM log.head WHERE dirty", []) == [(0,)])
    print("| load | events/s | p50 ms | p95 ms | p99 ms | demanded |\n|---|---|---|---|---|---|")
    for (name, reached, *lags), demanded in zip(rows, (150, 1000), strict=True):
        print(f"| {name} | {reached:,.0f} | {' | '.join(f'{lag:.0f}' for lag in lags)} | p99 ≤ {demanded} |")


if __name__ == "__main__":
    main()
