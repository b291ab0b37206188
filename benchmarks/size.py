"""Short calls in any number, as `simulate --direct --brief` tells them: put in, projected, weighed, asked.

`SIZE_CALLS=1000000` makes a million of some twenty events each, which takes an hour, once: they are kept.
They began within 90 days, so that whole months can go. At the end callbacks come in at a steady rate while
nothing else happens, while the tables are vacuumed, and while a month is made and one is retired.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.core.management.base import OutputWrapper

from benchmarks.doors import signed
from benchmarks.harness.asking import p95, timed
from benchmarks.harness.cluster import as_owner
from benchmarks.harness.compare import demanded, table
from benchmarks.harness.exporting import export
from benchmarks.harness.load import Outcome, drive
from benchmarks.harness.running import free_port, serving
from benchmarks.lists import facets, told
from benchmarks.traffic import questions
from callstore.base.progress import Bar
from callstore.eventlog.db.statement import run
from callstore.local.processes import by_this_python, web
from callstore.projection.sheets import keep
from callstore.rehearsal.simulation.load import appended_by, pieces
from callstore.rehearsal.simulation.story import ACCOUNT, BRIEF
from callstore.search.overview.frame import frame
from callstore.search.overview.overview import overview
from callstore.search.parser import parse
from dashboard.calls.presets import FILTERS

CALLS = int(os.environ["SIZE_CALLS"])
DAYS = 90
CORES = len(os.sched_getaffinity(0))
WINDOWS = {"a day": "-24h", "seven days": "-7d", "thirty days": "-30d", "all": f"-{DAYS}d"}
OVERVIEW_MS = 600  # as the facets
RATE, STEADY_S, P99_MS = 100, 4, 250
LARGER = 50_000_000  # events, of which the slope tells
TABLES = """
SELECT CASE WHEN n.nspname = 'log' AND c.relname LIKE 'event%' THEN 'events'
            WHEN n.nspname = 'log' THEN 'streams, heads, keys, proof'
            WHEN c.relname IN ('call', 'call_words') THEN c.relname ELSE 'the rest' END AS what,
       sum(pg_table_size(c.oid))::float8, sum(pg_indexes_size(c.oid))::float8
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('log', 'public') GROUP BY what ORDER BY 2 DESC
"""


def main() -> None:
    if not run("SELECT 1 FROM call LIMIT 1", []):
        filled()
    [(calls, events)] = run("SELECT (SELECT count(*) FROM call), (SELECT count(*) FROM log.event)", [])
    steps = run("SELECT step, seconds, events / seconds FROM bench_took", [])
    table([f"{CALLS:,} calls", "seconds", "events/s"], steps)
    weighed(calls, events)
    told("short calls, a filter of the list", {name: [q] for name, q, _ in FILTERS}, calls)
    told("short calls, an id", questions.ids(calls), calls)
    told("short calls, words", {kind: questions.SPOKEN[kind] for kind in ("common", "absent")}, calls)
    facets(calls, "short calls, facets")
    numbers(calls)
    export(calls, "short calls, CSV")
    disturbed()


def filled() -> None:
    """Put the calls into the log and project them. How long that took is kept beside them."""
    for month in range(DAYS // 28 + 1):
        as_owner(f"SELECT log.ensure_month((now() - interval '{month} months')::date)")
    as_owner("CREATE TABLE bench_took (step text, seconds float8, events bigint)")
    as_owner("GRANT SELECT ON bench_took TO PUBLIC")
    events = took("put into the log", put_in)
    took("projected, by `rebuild`", partial(call_command, "rebuild", stdout=StringIO()), events)
    took("vacuumed and analysed", partial(as_owner, "VACUUM ANALYZE"), events)
    took("counted by six hours", partial(keep.make_lacking, seconds=float("inf")), events)
    [(name,)] = as_owner("SELECT current_database()")
    as_owner(f"COMMENT ON DATABASE {name} IS '{os.environ['KEPT_AS']}'")


def took(step: str, work: Callable[[], Any], events: int | None = None) -> int:
    """Do it and keep how long it took; of how many events it was, which the work may say."""
    started = time.monotonic()
    done = work()
    of = int(done) if events is None else events
    as_owner(f"INSERT INTO bench_took VALUES ('{step}', {time.monotonic() - started}, {of})")
    return of


def put_in() -> int:
    """The calls, by as many processes as there are cores; how many events they are."""
    some = pieces(CALLS, seed="size", hours=24.0 * DAYS, truncated=None, account=ACCOUNT, manner=BRIEF)
    events = 0
    with Bar(CALLS, OutputWrapper(sys.stderr), "calls") as bar:
        for size in appended_by(CORES, some):
            events += size.events
            bar(1)
    return events


def weighed(calls: int, events: int) -> None:
    """How large it is, and how large it would be with more events of the same kind."""
    rows = as_owner(TABLES)
    scale = LARGER / events
    mb = [
        [what, rows_ / 1e6, indexes / 1e6, (rows_ + indexes) / 1e9 * scale] for what, rows_, indexes in rows
    ]
    mb.append(["all", *(sum(column) for column in zip(*(row[1:] for row in mb), strict=True))])
    table([f"{calls:,} calls, {events:,} events", "rows, MB", "indexes, MB", f"{LARGER:,} events, GB"], mb)


def numbers(calls: int) -> None:
    """The overview of some windows."""
    rows = []
    for name, since in WINDOWS.items():
        now = datetime.now(UTC)
        times = timed(partial(overview, parse(""), frame(since, "", now), now))
        rows.append([name, statistics.median(times), p95(times)])
        demanded(f"short calls, overview of {name}, p95 ms", p95(times), most=OVERVIEW_MS)
    table([f"overview, {calls:,} calls", "p50 ms", "p95 ms"], rows)


def disturbed() -> None:
    """Callbacks at a steady rate, alone and beside what is done to the tables meanwhile."""
    port = free_port()
    ahead = "SELECT log.ensure_month((now() + interval '4 months')::date)"
    jobs: dict[str, Callable[[], object]] = {
        "nothing": partial(time.sleep, 3 * STEADY_S),
        "VACUUM (ANALYZE) of every table": partial(as_owner, "VACUUM (ANALYZE)"),
        "a month made ahead": partial(as_owner, ahead),
        "a month retired": _retired,
    }
    rows = []
    with serving(by_this_python(web("127.0.0.1", port)), port):
        steady(port)
        for name, job in jobs.items():
            seconds, met = beside(port, job)
            refused = sum(n for each in met for status, n in each.statuses.items() if status != 204)
            latencies = sorted(s * 1e3 for each in met for s in each.latencies)
            p99 = statistics.quantiles(latencies, n=100)[-1]
            rows.append([name, seconds, len(latencies), statistics.median(latencies), p99, refused])
            demanded(f"callbacks beside {name}, p99 ms", p99, most=P99_MS)
            demanded(f"callbacks beside {name}, refused", refused, most=0)
    table([f"{RATE} callbacks/s beside", "seconds", "callbacks", "p50 ms", "p99 ms", "refused"], rows)


def beside(port: int, job: Callable[[], object]) -> tuple[float, list[Outcome]]:
    """How many seconds the job took, and what callbacks met meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        started = time.monotonic()
        done = pool.submit(job)
        met = [steady(port)]
        while not done.done():
            met.append(steady(port))
        done.result()
    return time.monotonic() - started, met


def steady(port: int) -> Outcome:
    """A few seconds of new callbacks."""
    return drive(("127.0.0.1", port), signed(RATE * STEADY_S), rate=RATE)


def _retired() -> None:
    """The month before the last goes, of its owner's will."""
    month = f"{datetime.now(UTC) - timedelta(days=62):%Y-%m}"
    owner = os.environ | {"DATABASE_URL": os.environ["ADMIN_DATABASE_URL"]}
    command = [sys.executable, "manage.py", "retire_month", month]
    subprocess.run(command, env=owner, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
