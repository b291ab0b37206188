"""A quarter of an hour at 60 % of what the whole can take, while a process is killed every half minute.

What it can take is measured first: deliveries as fast as they are answered, until all of them are
projected. The peer is the same instance before anybody was killed.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import itertools
import os
import random
import statistics
import tempfile
import threading
import time
from pathlib import Path

import django

django.setup()

from benchmarks.harness.compare import demanded, table
from benchmarks.harness.memory import family, held_mb
from tests.killing import Instance, Load, account, kill, started, until

SOAK_S = float(os.environ.get("SOAK_S", "900"))
EVERY_S = 30.0
SHARE = 0.6
FASTEST_S = 20.0
BACK_S = 2.0  # of lag
LAG = "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::float8 FROM log.head"
IDLE = "SELECT count(*) FROM log.head WHERE since IS NOT NULL"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="callstore-soak-") as folder:
        Path(folder).chmod(0o711)  # as root the servers run as somebody else
        with started(Path(folder)) as instance:
            warm, ceiling = fastest(instance)
            print(
                f"The whole takes {ceiling:.0f} deliveries/s, projected; from here on {SHARE * ceiling:.0f}."
            )
            load = Load(instance, "soak", SHARE * ceiling)
            memory = Memory(instance)
            with load.delivered(), memory:
                kills = soak(instance)
            found = account(warm, load)
    told(kills, load, memory.seen)
    demanded(
        "kills after which the lag was not under 2 s before the next", sum(not k[2] for k in kills), most=0
    )
    demanded("acknowledged and not in the log", len(found.missing), most=0)
    demanded("in the log more often than sent", len(found.doubled), most=0)
    demanded("facts by which log and read models differ", abs(found.of_calls - found.shown), most=0)
    demanded("faults of rebuild --check and verify_log", len(found.faults), most=0)
    demanded("memory, the last fifth of the first", growth(memory.seen), most=1.15)


def fastest(instance: Instance) -> tuple[Load, float]:
    """Deliveries as fast as they are answered, and how many a second were projected of them."""
    load, began = Load(instance, "fastest", 1e6), time.monotonic()
    with load.delivered():
        time.sleep(FASTEST_S)
    until(lambda: instance.sql(IDLE) == [(0,)], 300)
    return load, len(load.taken) / (time.monotonic() - began)


def soak(instance: Instance) -> list[tuple[str, float, float]]:
    """Each process killed, the seconds until all were ready and until the lag was back; 0 for never."""
    kills: list[tuple[str, float, float]] = []
    chance, ends = random.Random(1), time.monotonic() + SOAK_S
    victims = itertools.chain.from_iterable(
        chance.sample(names, len(names)) for names in itertools.repeat(sorted(instance.connection["pids"]))
    )
    due = time.monotonic()
    while (due := due + EVERY_S) + EVERY_S <= ends:
        time.sleep(max(0.0, due - time.monotonic()))
        victim, killed = next(victims), time.monotonic()
        ready = kill(instance, victim)
        back = 0.0
        while not back and time.monotonic() < due + EVERY_S:
            if lag(instance) < BACK_S:
                back = time.monotonic() - killed
            time.sleep(0.1)
        kills.append((victim, ready, back))
        print(f"{victim:<10} ready after {ready:4.1f} s, lag back after {back:4.1f} s", flush=True)
    time.sleep(max(0.0, ends - time.monotonic()))
    return kills


def lag(instance: Instance) -> float:
    """Seconds since the oldest fact that is not projected yet was appended."""
    seconds: float = instance.sql(LAG)[0][0]
    return seconds


class Memory(threading.Thread):
    """What all processes of the instance hold together, looked at every five seconds while the block runs."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(daemon=True)
        self.instance, self.over = instance, threading.Event()
        self.seen: list[float] = []

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()

    def run(self) -> None:
        while not self.over.wait(5):
            pids = set().union(*map(family, self.instance.connection["pids"].values()))
            self.seen.append(sum(map(held_mb, pids)))


def growth(seen: list[float]) -> float:
    """The median of the last fifth of the looks, in those of the first."""
    fifth = max(1, len(seen) // 5)
    return statistics.median(seen[-fifth:]) / statistics.median(seen[:fifth])


def told(kills: list[tuple[str, float, float]], load: Load, memory: list[float]) -> None:
    """The tables: each process by its kills, then the load and the memory."""
    by_name = {name: [k for k in kills if k[0] == name] for name in sorted({k[0] for k in kills})}
    table(
        ["killed", "times", "ready after, median s", "lag < 2 s after, median s", "at most"],
        [
            (
                n,
                len(k),
                statistics.median(r for _, r, _ in k),
                statistics.median(b for *_, b in k),
                max(b for *_, b in k),
            )
            for n, k in by_name.items()
        ],
    )
    rate = len(load.taken) / SOAK_S
    table(
        ["deliveries a second", "acknowledged", "first memory MB", "last", "most"],
        [(rate, len(load.taken), memory[0], memory[-1], max(memory))],
    )
