"""Calls counted by the values of every facet, beside one GROUP BY for each key; and suggestions.

Realistic calls, told, folded and saved, are multiplied in place over 30 days, without their documents.
Both sides leave a key's own terms out of its own counts, and count what a query finds at all.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import django

django.setup()

from django.db import connection

from benchmarks.harness.compare import demanded, interleaved, ratio, table
from benchmarks.traffic.bare import fill
from callstore.eventlog.db.statement import run
from callstore.search.compile import compiled
from callstore.search.facets.catalogue import FACETS
from callstore.search.facets.count import counted
from callstore.search.facets.terms import is_own, top
from callstore.search.parser import parse
from callstore.search.suggest.offers import offers
from callstore.search.tree import And

CALLS = int(os.environ.get("FACETS_CALLS", "200000"))
DAYS, ROUNDS, PEER_ROUNDS = 30, 21, 3
MOST_MS = 600  # at a million calls
MOST_OFFERED_MS = 50
QUERIES = {
    "no filter": "",
    "narrow: one version, deaf": "version:3.4.1 verdict:ai_deaf",
    "founding: is:truncated status:completed sip:200": "is:truncated status:completed sip:200",
    "seven days": "started:-7d",
    "a length, which is not packed": "duration:>10s",
}
WRITTEN = {
    "suggest keys: ver": "ver",
    "suggest values: verdict:": "verdict:",
    "suggest values of the rest: is:truncated agent:": "is:truncated agent:",
}
# One value each, of which the packed text has the same.
PEER = [key for key, facet in FACETS.items() if facet.column and not facet.several and key != "gap"]


def main() -> None:
    kept = fill(CALLS, DAYS)
    print(f"{kept:,} calls, {different():,} different in what they are counted by.\n")
    rows = []
    for name, q in QUERIES.items():
        found = interleaved({"peer": partial(timed, by_key, q), "ours": partial(timed, ours, q)}, PEER_ROUNDS)
        times = sorted(timed(ours, q) for _ in range(ROUNDS))
        p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
        rows.append([name, p50, p95, statistics.median(found["peer"]), ratio(found["peer"], found["ours"])])
        demanded(f"facets, {name}, p95 ms", p95, most=MOST_MS)
    for name, q in WRITTEN.items():
        times = sorted(timed(offered, q) for _ in range(ROUNDS))
        p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
        rows.append([name, p50, p95, "–", "–"])
        demanded(f"{name}, p50 ms", p50, most=MOST_OFFERED_MS)
    table([f"{kept:,} calls", "p50 ms", "p95 ms", "a GROUP BY each, ms", "times as fast"], rows)


def different() -> int:
    [(found,)] = run("SELECT count(DISTINCT facets) FROM call", [])
    return int(found)


def ours(q: str) -> None:
    counted(parse(q), tuple(FACETS), datetime.now(UTC))


def offered(q: str) -> None:
    offers(q, None, datetime.now(UTC))


def by_key(q: str) -> None:
    """Fewer facets than ours: those of one value a call."""
    terms, now = top(parse(q)), datetime.now(UTC)
    for key in PEER:
        sql, params = compiled(And(tuple(term for term in terms if not is_own(term, key))), now)
        column = FACETS[key].column
        asked(f"SELECT {column}, count(*) FROM call WHERE {sql} GROUP BY 1", params)


def asked(sql: str, params: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.fetchall()


def timed(work: Callable[[str], None], q: str) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work(q)
    return (time.perf_counter() - started) * 1000
