"""A minute without Postgres under 50 signed callbacks a second: what doors answer, and what the log has then.

A Postgres of its own is stopped and started again under the web process as `up` runs it. The peer appends the
bytes of the same requests to a file and waits for the disk after each, with nothing around it.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import json
import os
import statistics
import tempfile
import threading
import time
import urllib.error
import urllib.request
from signal import SIGINT

import django

django.setup()

import psycopg

from benchmarks.doors import signed
from benchmarks.harness.cluster import Cluster
from benchmarks.harness.compare import demanded, table
from benchmarks.harness.load import Outcome, drive
from benchmarks.harness.running import free_port, serving, until
from callstore.local.processes import by_this_python, web

RATE, AWAY_S, AROUND_S = 50, 60, 5
CONNECTIONS = 16
ONCE = "SELECT count(*), count(DISTINCT (subject, source_sequence)) FROM log.event"
OVERTAKEN = """
SELECT count(*) FROM (
  SELECT source_sequence - lag(source_sequence) OVER (PARTITION BY subject ORDER BY position) AS step
  FROM log.event
) AS following WHERE step < 0
"""


def main() -> None:
    requests = signed(RATE * (AWAY_S + 2 * AROUND_S))
    before, after = RATE * AROUND_S, len(requests) - RATE * AROUND_S
    parts = requests[:before], requests[before:after], requests[after:]
    with Cluster() as own, own.database("outage") as environment:
        port = free_port()
        with serving(by_this_python(web("127.0.0.1", port)), port, environment):
            outcomes = [delivered(port, parts[0])]
            restart = threading.Thread(target=away, args=(own,))
            restart.start()
            outcomes.append(delivered(port, parts[1]))
            restart.join()
            back = time.monotonic()
            outcomes.append(delivered(port, parts[2]))
            until(lambda: waiting(port) == 0)
            drained = time.monotonic() - back - AROUND_S
        with psycopg.connect(environment["ADMIN_DATABASE_URL"]) as connection:
            [kept] = connection.execute(ONCE).fetchall()
            [(overtaken,)] = connection.execute(OVERTAKEN).fetchall()
    bare = statistics.quantiles(appended(parts[1]), n=100)
    named = zip(("before", "away", "back"), outcomes, strict=True)
    rows: list[list[object]] = [[name, *_percentiles(outcome), _refused(outcome)] for name, outcome in named]
    table(
        ["", "p50 ms", "p95 ms", "p99 ms", "refused"],
        [*rows, ["bare append and fsync", bare[49], bare[94], bare[98], 0]],
    )
    p95 = outcomes[1].percentile(0.95)
    print(f"While it is away p95 is {p95 / bare[94]:.1f} times the bare append's.", flush=True)
    print(f"{max(0.0, drained):.1f} s after the last delivery nothing waited any more.\n", flush=True)
    demanded("a delivery while Postgres is away, p95 ms", p95, most=10)
    demanded("refused around a minute without Postgres", float(sum(map(_refused, outcomes))), most=0)
    demanded("lost", float(len(requests) - kept[1]), most=0)
    demanded("doubled", float(kept[0] - kept[1]), most=0)
    demanded("overtaken within a call", float(overtaken), most=0)


def away(own: Cluster) -> None:
    """Stop Postgres, and start it again when the time is over."""
    began = time.monotonic()
    own.processes[0].send_signal(SIGINT)
    own.processes[0].wait()
    time.sleep(max(0.0, began + AWAY_S - time.monotonic()))
    own.processes[0] = own.servers[0].start(own.folder / "postgres.log")
    own.servers[0].wait()


def delivered(port: int, requests: list[bytes]) -> Outcome:
    return drive(("127.0.0.1", port), requests, CONNECTIONS, rate=RATE)


def waiting(port: int) -> int:
    """Deliveries in the spool."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=20) as answer:
            said = answer.read()
    except urllib.error.HTTPError as error:  # no relay and no worker are there
        said = error.read()
    return int(json.loads(said)["spool"]["records"])


def appended(requests: list[bytes]) -> list[float]:
    """Milliseconds of each append with its fsync."""
    took = []
    # With a name: for a file without one the disk has less to do.
    with tempfile.NamedTemporaryFile(prefix="callstore-bench-", buffering=0) as file:
        for request in requests:
            began = time.perf_counter()
            file.write(request)
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return took


def _percentiles(outcome: Outcome) -> list[float]:
    return [outcome.percentile(share) for share in (0.5, 0.95, 0.99)]


def _refused(outcome: Outcome) -> int:
    return sum(outcome.statuses.values()) - outcome.statuses[204]
