"""Simulated calls straight into the log, as `simulate --direct` puts them, beside a bare COPY of the rows.

The peer has nothing to tell, to sign or to encrypt: the rows that our side kept are read first, and copied
into an unlogged table without keys or indexes by one connection.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
import time

import django

django.setup()

import psycopg

from benchmarks.harness.cluster import as_owner
from benchmarks.harness.compare import demanded, table
from callstore.eventlog.db.statement import run
from callstore.rehearsal.simulation.load import appended_by, pieces
from callstore.rehearsal.simulation.story import ACCOUNT, AS_MOSTLY, BRIEF, Manner

CALLS = {"as calls mostly are": (AS_MOSTLY, 300), "--brief": (BRIEF, 3_000)}
ROUNDS = 3
LEAST = 15_000  # events a second


def main() -> None:
    rows = []
    for name, (manner, calls) in CALLS.items():
        rates = [rate(manner, calls, number) for number in range(ROUNDS)]
        ours, alone, copied = (statistics.median(column) for column in zip(*rates, strict=True))
        rows.append([name, ours, alone, copied, ours / copied])
        demanded(f"simulate --direct, {name}, events/s", ours, least=LEAST)
    table(["events/s", "all cores", "one process", "bare COPY", "to COPY"], rows)


def rate(manner: Manner, calls: int, number: int) -> tuple[float, float, float]:
    """Events a second by as many processes as there are cores, by one, and by COPY."""
    ours = appended(len(os.sched_getaffinity(0)), manner, calls, f"all {number}")
    alone = appended(1, manner, calls // 3, f"one {number}")
    return ours, alone, copied()


def appended(processes: int, manner: Manner, calls: int, seed: str) -> float:
    told = pieces(calls, seed=seed, hours=24, truncated=None, account=ACCOUNT, manner=manner)
    started = time.monotonic()
    events = sum(size.events for size in appended_by(processes, told))
    return events / (time.monotonic() - started)


def copied() -> float:
    """What the log has so far, by `COPY` from one table into another through a client."""
    as_owner("DROP TABLE IF EXISTS bench_bare")
    as_owner("CREATE UNLOGGED TABLE bench_bare AS SELECT * FROM log.event LIMIT 0")
    [(events,)] = run("SELECT count(*) FROM log.event", [])
    return int(events) / through_client()


def through_client() -> float:
    """Seconds that the copy takes once its rows are in memory."""
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"]) as own, own.cursor() as cursor:
        with cursor.copy("COPY (SELECT * FROM log.event) TO STDOUT (FORMAT binary)") as out:
            blocks = [bytes(block) for block in out]
        started = time.monotonic()
        with cursor.copy("COPY bench_bare FROM STDIN (FORMAT binary)") as copy:
            for block in blocks:
                copy.write(block)
        own.commit()
        return time.monotonic() - started
