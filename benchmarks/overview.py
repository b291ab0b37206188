"""The numbers of the overview, of a million calls: added up from sheets, beside one reading of every call.

Realistic calls, told, folded and saved, are multiplied in place over 90 days, without their documents. The
peer is the statement that reads them all; a week and less is read by it on both sides.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
import time
from datetime import UTC, datetime
from functools import partial

import django

django.setup()

from benchmarks.harness.asking import p95
from benchmarks.harness.compare import demanded, interleaved, ratio, table
from benchmarks.traffic.bare import fill
from callstore.eventlog.db.statement import run
from callstore.projection.sheets import keep
from callstore.search.overview import by_sheets
from callstore.search.overview.frame import frame
from callstore.search.overview.overview import overview
from callstore.search.parser import parse

CALLS = int(os.environ.get("OVERVIEW_CALLS", "1000000"))
DAYS, ROUNDS = 90, 7
MOST_MS = 600  # as the facets
WINDOWS = {
    "a day": ("-24h", ""),
    "seven days": ("-7d", ""),
    "fourteen days": ("-14d", ""),
    "thirty days": ("-30d", ""),
    "ninety days": ("-90d", ""),
}


def main() -> None:
    kept = fill(CALLS, DAYS)
    started = time.monotonic()
    made = keep.make_lacking(seconds=float("inf"))
    took = time.monotonic() - started
    [(weight,)] = run("SELECT pg_total_relation_size('call_sheet')::float8 / 1e6", [])
    rows = []
    for name, asked in WINDOWS.items():
        ways = {"peer": partial(timed, asked, many=2**62), "ours": partial(timed, asked, many=by_sheets.MANY)}
        found = interleaved(ways, ROUNDS)
        ours = found["ours"]
        rows.append(
            [
                name,
                statistics.median(ours),
                p95(ours),
                statistics.median(found["peer"]),
                ratio(found["peer"], ours),
            ]
        )
        demanded(f"overview of {name}, p95 ms", p95(ours), most=MOST_MS)
    table([f"{kept:,} calls", "p50 ms", "p95 ms", "read one by one, ms", "times as fast"], rows)
    print(f"\n{made} sheets of six hours were made in {took:.1f} s and take {weight:.1f} MB.")


def timed(asked: tuple[str, str], many: int) -> float:
    """Milliseconds."""
    by_sheets.MANY = many
    now = datetime.now(UTC)
    started = time.perf_counter()
    overview(parse(""), frame(*asked, now), now)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
