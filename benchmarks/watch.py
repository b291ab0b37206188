"""One observer on many sockets, from the receipt of a frame to its commit, beside a bare loop that inserts.

A local server speaks on all sockets at once; the observer is `manage.py watch` as `up` runs it. When a batch
was committed Postgres says (track_commit_timestamp). The peer (benchmarks/peers/listener.py) is a loop over
the same sockets that inserts frames in batches of 500 and does nothing else. Server, observer and Postgres
share the cores.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import django

django.setup()

import psutil
import psycopg
from django.conf import settings

from benchmarks.harness.cluster import Cluster
from benchmarks.harness.compare import demanded, table
from benchmarks.harness.running import free_port, until
from benchmarks.peers.listener import TABLE
from benchmarks.traffic.sideband import PIECES
from callstore.local.processes import by_this_python

SECONDS = float(os.environ.get("WATCH_SECONDS", "6"))
RATE = 20.0  # events a second and socket
# Sockets, events a second of each, and what they say.
LOADS = (("words", 250, RATE), ("words", 500, RATE), ("words", 1000, RATE), ("audio", 200, 2.0 * PIECES))
ALL_IN_S = 30.0  # after the last frame
LEASE = """
INSERT INTO ingest_watch (subject, offered_at, until, over)
SELECT 'openai:' || %s || '_' || n, now(), now(), false FROM generate_series(1, %s) AS n
"""
# Of each frame, joined ones too: of several pieces in one row the last has the row's moment, and each before
# it came an interval of the socket's rate earlier.
LAGS = """
SELECT count(*), percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM
  pg_xact_commit_timestamp(xid::xid)) * 1000 - {received} * 1000 + earlier * 1000 / %s)
FROM {table} CROSS JOIN generate_series(0, {pieces} - 1) AS earlier WHERE {condition}
"""
OURS = LAGS.format(
    table="log.event",
    received="extract(epoch FROM occurred_at)",
    pieces="coalesce((facts->>'pieces')::int, 1)",
    condition="source_sequence IS NOT NULL",
)
PEERS = LAGS.format(table="bare_frame", received="received_at", pieces="1", condition="true")
ROWS = "SELECT count(*) FROM log.event WHERE source_sequence IS NOT NULL"


class Measured(NamedTuple):
    """Of what was said: how many frames were kept, in how many rows, their lags, what the process took."""

    said: int
    kept: int
    rows: int
    p50_ms: float
    p99_ms: float
    mb: float
    cpu_us: float  # of a processor, a frame

    def cells(self) -> list[object]:
        return list(self)


def main() -> None:
    rows = []
    for kind, sockets, rate in LOADS:
        ours = measured(kind, sockets, rate, peer=False)
        rows.append([f"{sockets:,} × {rate:.0f}/s, {kind}, observer", *ours.cells()])
        if sockets == 1000:
            demanded("lag of 1,000 observed sockets, p99 ms", ours.p99_ms, most=250)
            demanded("frames of 1,000 observed sockets that were not kept", ours.said - ours.kept, most=0)
            demanded("memory of 1,000 observed sockets, MB", ours.mb, most=300)
        if kind == "audio":  # no peer knows what it is
            demanded("lag of 200 observed Live sockets, p99 ms", ours.p99_ms, most=250)
        else:
            peer = measured(kind, sockets, rate, peer=True)
            rows.append([f"{sockets:,} × {rate:.0f}/s, {kind}, bare loop", *peer.cells()])
    header = ["sockets and what they say", "said", "kept", "rows", "p50 ms", "p99 ms", "MB", "µs a frame"]
    table(header, rows)
    print(
        "Of reflected audio a second of a side is kept as one event, whose lag counts from its last piece.\n"
    )


def measured(kind: str, sockets: int, rate: float, *, peer: bool) -> Measured:
    port = free_port()
    url = f"ws://127.0.0.1:{port}/v1/realtime"
    cluster = Cluster()
    server = cluster.servers[0]
    cluster.servers[0] = replace(server, argv=[*server.argv, "-c", "track_commit_timestamp=on"])
    with cluster, cluster.database("watched") as environment:
        admin = environment["ADMIN_DATABASE_URL"]
        given = environment | {
            "OPENAI_API_KEY": "sk",
            "OPENAI_REALTIME_URL": url,
            "OPENAI_LIVE_URL": url + "/{session_id}/attach",
        }
        _as_owner(admin, TABLE)
        _as_owner(admin, LEASE, "live" if kind == "audio" else "rtc", sockets)
        speaking = ["-m", "benchmarks.traffic.sideband", port, sockets, rate, SECONDS, kind]
        listening = ["-m", "benchmarks.peers.listener", url, sockets] if peer else ["manage.py", "watch"]
        with _process(speaking, given) as speaker, _process(listening, given) as listener:
            assert speaker.stdout and speaker.stdout.readline() == b"attached\n"
            watched = psutil.Process(listener.pid)
            before, mb = _cpu_s(watched), 0.0
            while speaker.poll() is None:
                mb = max(mb, watched.memory_info().rss / 2**20)
                time.sleep(0.2)
            said = int(sockets * rate * SECONDS)
            query = PEERS if peer else OURS
            if kind == "words":
                _until_kept(admin, query, rate, said)
            else:
                time.sleep(2)
            cpu_us = (_cpu_s(watched) - before) * 1e6 / said
            [(kept, (p50_ms, p99_ms))] = _as_owner(admin, query, rate)
            [(rows,)] = _as_owner(admin, ROWS)
    return Measured(said, kept, kept if peer else rows, p50_ms, p99_ms, mb, cpu_us)


def _cpu_s(process: psutil.Process) -> float:
    return sum(process.cpu_times()[:2])


def _until_kept(admin: str, query: str, rate: float, said: int) -> None:
    """Return when all is kept, or when it takes too long."""
    deadline = time.monotonic() + ALL_IN_S
    until(lambda: _as_owner(admin, query, rate)[0][0] >= said or time.monotonic() > deadline, 60, pause=0.5)


@contextmanager
def _process(arguments: Sequence[object], given: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = by_this_python([sys.executable, *map(str, arguments)])
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | given, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _as_owner(admin: str, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(admin, autocommit=True) as connection:
        cursor = connection.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
