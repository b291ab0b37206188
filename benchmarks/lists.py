"""Everything that the list asks of many calls: filters, words, ids, sorts, facets, suggestions, the export.

Real calls, told, folded and saved, are multiplied in place (benchmarks/traffic/multiplied.py) into a database
that is kept: `make bench CALLS=1000000` for a full one, which takes long to build, once. A filter is asked
as the list asks it: compiled, and its first 50 rows read with their documents. Of each key there is its
example in the documentation, a value that no call has, and whatever it has at all.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import django

django.setup()

from django.core.management.base import OutputWrapper

from benchmarks.harness.asking import p95, timed
from benchmarks.harness.compare import demanded, ratio, table
from benchmarks.harness.exporting import export
from benchmarks.traffic import multiplied, questions
from callstore.eventlog.db.statement import run
from callstore.projection import place, queries
from callstore.search import related
from callstore.search.compile import compiled, where
from callstore.search.facets.catalogue import FACETS
from callstore.search.facets.count import Value, counted
from callstore.search.facets.rare import rarely
from callstore.search.parser import parse
from callstore.search.snippets import snippets
from callstore.search.suggest.offers import offers
from callstore.search.who_asks import WHO_ASKS
from dashboard.calls.columns import EVERY
from dashboard.calls.presets import FILTERS

CALLS = int(os.environ.get("LISTS_CALLS", "50000"))
PEERS = 3  # rounds of what is beside
MOST_MS, FACETS_MS = 300, 600
DEEP = 2_000  # calls before a deep page
WRITTEN = ("ver", "verdict:", "is:truncated agent:", "tool:", "started:")


def main() -> None:
    if not multiplied.built():
        multiplied.build(CALLS, OutputWrapper(sys.stderr))
    WHO_ASKS.set(lambda: "person-3")
    [(calls,)] = run("SELECT count(*) FROM call", [])
    print(f"{calls:,} calls, kept for the next time.\n")
    told("a filter of a kind", questions.filters(), calls)
    told("a filter of the list", {name: [q] for name, q, _ in FILTERS}, calls)
    told("an id", questions.ids(calls), calls)
    told("words", questions.SPOKEN, calls)
    beside_a_scan(calls)
    sorts(calls)
    facets(calls)
    beside(calls)
    export(calls)


def told(what: str, asked_of: questions.Kinds, calls: int) -> None:
    """The table of some questions, and what is demanded of each kind of them."""
    rows = []
    for kind, asked in asked_of.items():
        times = {q: timed(partial(page, q)) for q in asked}
        every = [ms for found in times.values() for ms in found]
        slowest = max(times, key=lambda q: statistics.median(times[q]))
        rows.append([kind, len(asked), statistics.median(every), p95(every), f"`{slowest}`",
                     statistics.median(times[slowest])])  # fmt: skip
        demanded(f"{what}: {kind}, p95 ms", p95(every), most=MOST_MS)
    table([f"{what}, {calls:,} calls", "asked", "p50 ms", "p95 ms", "the slowest", "its p50 ms"], rows)


def page(q: str, sort: str = queries.NEWEST_FIRST, cursor: str | None = None) -> None:
    """As the list asks, with the places where words were said."""
    now, tree = datetime.now(UTC), parse(q)
    condition = compiled(tree, now)
    found = queries.page(condition, sort, cursor, rarely=rarely(condition, tree, now))
    snippets(found.items, tree)


def beside_a_scan(calls: int) -> None:
    """One word of each kind by our index, and by reading what was said in all calls."""
    rows = []
    for word, *_ in questions.SPOKEN.values():
        text = word.partition(":")[2] or word
        scanned = timed(partial(_scan, f"%{text.strip(chr(34))}%"), PEERS)
        ours = timed(partial(page, word), PEERS)
        rows.append(
            [
                f"`{word}`",
                statistics.median(scanned),
                statistics.median(ours),
                ratio(scanned, ours[: len(scanned)]),
            ]
        )
    table([f"{calls:,} calls", "ILIKE on every call, ms", "ours, ms", "times as fast"], rows)


def _scan(like: str) -> None:
    run(
        "SELECT call_id FROM call_words WHERE caller ILIKE %s OR agent ILIKE %s"
        " ORDER BY started_at DESC LIMIT 51",
        [like, like],
    )


def sorts(calls: int) -> None:
    """Every sort that a column's head offers, both ways, its first page and one far behind it."""
    rows = []
    offered = {order.field for column in EVERY for order in column.orders} & queries.INDEXED
    for field in sorted(offered):
        first, deep = [], []
        for sort in (field, f"-{field}"):
            after = queries.page(sort=sort, limit=DEEP).next_cursor
            first += timed(partial(page, "", sort))
            deep += timed(partial(page, "", sort, after))
        rows.append([field, statistics.median(first), p95(first), statistics.median(deep), p95(deep)])
        demanded(f"a sort: {field}, p95 ms", p95(first + deep), most=MOST_MS)
    table([f"sorts, {calls:,} calls", "p50 ms", "p95 ms", "far behind, p50 ms", "p95 ms"], rows)


def facets(calls: int, what: str = "facets") -> None:
    rows = []
    for name, q in questions.COUNTED.items():
        exact = sum(value.exact for found in _counted(q).values() for value in found)
        times = timed(partial(_counted, q))
        rows.append([name, statistics.median(times), p95(times), "yes" if exact else "of the newest"])
        demanded(f"{what}: {name}, p95 ms", p95(times), most=FACETS_MS)
    table([f"{what}, {calls:,} calls", "p50 ms", "p95 ms", "of all"], rows)


def _counted(q: str) -> dict[str, list[Value]]:
    return counted(parse(q), tuple(FACETS), datetime.now(UTC))


def beside(calls: int) -> None:
    """What is offered to who writes, and what stands beside one call."""
    [(id, caller, cause, agent, version, at)] = run(
        "SELECT call_id::text, caller, cause, agent_name, agent_version, started_at FROM call"
        " WHERE cause IS NOT NULL AND caller IS NOT NULL ORDER BY started_at OFFSET %s LIMIT 1",
        [calls // 9],
    )
    founding = where(questions.COUNTED["all keys, founding filter"], datetime.now(UTC))
    asked: dict[str, Callable[[], object]] = {
        **{f"suggest `{q}`": partial(offers, q, None, datetime.now(UTC)) for q in WRITTEN},
        "related: of its caller": partial(related.of_caller, id, caller, at),
        "related: of its cause": partial(related.of_cause, id, cause, at),
        "related: last natural end": partial(related.last_natural_end, agent, version, at),
        "previous and next": partial(place.beside, founding, queries.NEWEST_FIRST, id),
    }
    rows = []
    for name, ask in asked.items():
        times = timed(ask)
        rows.append([name, statistics.median(times), p95(times)])
        demanded(f"{name}, p95 ms", p95(times), most=MOST_MS)
    table([f"{calls:,} calls", "p50 ms", "p95 ms"], rows)
