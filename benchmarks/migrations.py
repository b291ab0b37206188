"""How long a writer waits while an earlier version's loaded database is migrated by today's code.

It asks for a writer's lock on each table every 5 ms, beside facts that the earlier version goes on appending.
That version is the newest release which may run beside today's, or what was before the newest migration;
UPGRADE_FROM names another.
"""

import os
import statistics
import tempfile
import threading
from pathlib import Path

import psycopg

from benchmarks.harness.compare import demanded, table
from tests.earlier import Writer, manage, reference, unpack
from tests.places import ROOT

CALLS = 2_000
TABLES = ["log.event", "log.head", "log.stream", '"call"']
MOST_MS = 100.0


def main() -> None:
    url = os.environ["ADMIN_DATABASE_URL"]
    if not (ref := reference()):
        print("left out: no git, or no history")
        return
    with psycopg.connect(url, autocommit=True) as own:  # it is today's; the earlier one makes its own
        for (schema,) in own.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname IN ('log', 'public')"
        ).fetchall():
            own.execute(f"DROP SCHEMA {schema} CASCADE")  # type: ignore[call-overload]  # a name is no parameter
        own.execute("CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO PUBLIC")
    with tempfile.TemporaryDirectory() as folder:
        earlier = unpack(ref, Path(folder))
        manage(earlier, url, "migrate", "--verbosity=0")
        manage(earlier, url, "simulate", f"--calls={CALLS}", "--direct", "--brief")
        manage(earlier, url, "rebuild")
        ingest = threading.Thread(
            target=manage,
            args=(earlier, url, "simulate", "--calls=500", "--direct", "--brief", "--processes=1"),
        )
        ingest.start()
        with Writer(url, TABLES).beside() as writer:
            manage(ROOT, url, "migrate", "--verbosity=0")
        ingest.join()
    rows = [[name, len(took), statistics.median(took) * 1e3, max(took) * 1e3] for name, took in waits(writer)]
    table([f"from {ref[:10]}", "asked", "median ms", "longest ms"], rows)
    demanded("a writer's wait while migrations run, ms", max(row[-1] for row in rows), most=MOST_MS)


def waits(writer: Writer) -> list[tuple[str, list[float]]]:
    return sorted(writer.waited.items())
