"""The doors while somebody holds the web process up: 200 signed callbacks a second, alone and besieged.

Besieged means that 1,000 silent connections, 64 half-sent bodies and 64 searches for ten words over a log of
recent calls are open all the time, whoever is hung up on coming back at once.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

django.setup()

from benchmarks.doors import signed
from benchmarks.harness.compare import demanded, table
from benchmarks.harness.load import Outcome, drive
from benchmarks.harness.running import free_port, serving
from benchmarks.rebuild import filled
from benchmarks.traffic.siege import siege
from callstore.local.processes import by_this_python, web
from callstore.settings import DEMO_SETTINGS

EVENTS = 100_000
RATE, SECONDS, ROUNDS = 200, 5, 3
CONNECTIONS = 32


def main() -> None:
    filled(EVENTS)
    port = free_port()
    alone: list[tuple[Outcome, float]] = []
    besieged: list[tuple[Outcome, float]] = []
    with serving(by_this_python(web("127.0.0.1", port)), port):
        delivered(port)  # until plans, pools and caches are warm
        for _ in range(ROUNDS):
            alone.append(delivered(port))
            with siege(port, DEMO_SETTINGS["API_TOKENS"]):
                besieged.append(delivered(port))
    rows = [_row("alone", alone), _row("besieged", besieged)]
    table(["", "p50 ms", "p99 ms", "refused", "/healthz, slowest, ms"], rows)
    _, _, p99_ms, refused, slowest_ms = rows[1]
    demanded("besieged door at 200/s, p99 ms", p99_ms, most=100)
    demanded("besieged door at 200/s, refused", refused, most=0)
    demanded("besieged /healthz, slowest, ms", slowest_ms, most=50)


def delivered(port: int) -> tuple[Outcome, float]:
    """Callbacks at the rate, and the slowest answer of /healthz meanwhile in ms."""
    requests = signed(RATE * SECONDS)
    with _health(port) as slowest:
        outcome = drive(("127.0.0.1", port), requests, CONNECTIONS, rate=RATE)
    return outcome, max(slowest)


@contextmanager
def _health(port: int) -> Iterator[list[float]]:
    """The milliseconds of each answer of /healthz while the block runs."""
    took: list[float] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.wait(0.05):
            began = time.perf_counter()
            with socket.create_connection(("127.0.0.1", port), timeout=20) as asked:
                asked.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                assert b" 200 " in asked.recv(100)
            took.append((time.perf_counter() - began) * 1000)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield took
    finally:
        ended.set()
        asking.join()


def _row(name: str, rounds: list[tuple[Outcome, float]]) -> tuple[str, float, float, int, float]:
    outcomes = [outcome for outcome, _ in rounds]
    p50, p99 = (statistics.median(one.percentile(share) for one in outcomes) for share in (0.5, 0.99))
    refused = sum(sum(one.statuses.values()) - one.statuses[204] for one in outcomes)
    return name, p50, p99, refused, statistics.median(slowest for _, slowest in rounds)
