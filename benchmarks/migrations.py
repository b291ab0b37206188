"""How long a writer waits while an earlier version's loaded database is migrated by today's code.

It asks for a writer's lock on each table every 5 ms, beside facts that the earlier version goes on appending,
before the migrations begin and while they run.
That version is the newest release which may run beside today's, or what was before the newest migration;
UPGRADE_FROM names another.
"""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from benchmarks.harness.cluster import as_owner
from benchmarks.harness.compare import demanded, table
from benchmarks.harness.running import until
from tests.earlier import Writer, manage, reference, unpack
from tests.places import ROOT

CALLS = 2_000
BESIDE = 1_000  # at a time
ALONE_S = 5.0
TABLES = ["log.event", "log.head", "log.stream", '"call"']
MOST_MS = 100.0


def main() -> None:
    if not (ref := reference()):
        print("left out: no git, or no history")
        return
    as_owner("CREATE DATABASE upgrade TEMPLATE template0")  # the benchmark's own is today's already
    url = urlsplit(os.environ["ADMIN_DATABASE_URL"])._replace(path="/upgrade").geturl()
    with tempfile.TemporaryDirectory() as folder:
        earlier = unpack(ref, Path(folder))
        manage(earlier, url, "migrate", "--verbosity=0")
        simulate(earlier, url, CALLS)
        manage(earlier, url, "rebuild")
        before = facts(url)
        with ingest(earlier, url):
            until(lambda: facts(url) > before, 60)
            with Writer(url, TABLES).beside() as unhurried:
                time.sleep(ALONE_S)
            with Writer(url, TABLES).beside() as writer:
                manage(ROOT, url, "migrate", "--verbosity=0")
        print(f"{before:,} facts, and {facts(url) - before:,} more meanwhile.\n")
    rows = [
        (name, len(took), max(unhurried.waited[name]) * 1e3, statistics.median(took) * 1e3, max(took) * 1e3)
        for name, took in sorted(writer.waited.items())
    ]
    table([f"from {ref[:10]}", "asked", "before, longest ms", "median ms", "longest ms"], rows)
    demanded("a writer's wait while migrations run, ms", max(longest for *_, longest in rows), most=MOST_MS)


@contextmanager
def ingest(tree: Path, url: str) -> Iterator[None]:
    """That version appends facts while the block runs."""
    over = threading.Event()

    def append() -> None:
        while not over.is_set():
            simulate(tree, url, BESIDE)

    thread = threading.Thread(target=append)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def simulate(tree: Path, url: str, calls: int) -> None:
    manage(tree, url, "simulate", f"--calls={calls}", "--direct", "--brief", "--processes=1")


def facts(url: str) -> int:
    with psycopg.connect(url) as own:
        ((count,),) = own.execute("SELECT count(*) FROM log.event")
    return int(count)
