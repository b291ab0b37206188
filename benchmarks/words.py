"""Words in a store of calls: by our index, by reading call after call, and by pg_trgm, in the same store.

Asked is what the list asks: the 50 newest calls. `common` words are in one of two to six calls, `rare` ones
in one of 2,000, `absent` ones in none, though all their letters are in many; `old` ones were in every call
until two fifths of the time ago; `short` ones have one or two letters. Calls read in vain are those that an
index by itself would name and that lack the word.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import os
import statistics
import time
from collections.abc import Iterable
from itertools import islice
from typing import Any

import django

django.setup()


from benchmarks.harness.cluster import as_owner
from benchmarks.harness.compare import demanded, ratio, table
from benchmarks.traffic.spoken import GREETINGS, NEWEST, Copies, distinct, filled, without
from callstore.eventlog.db.statement import run
from callstore.projection import queries
from callstore.projection.words import find, tokens
from callstore.projection.words.find import Asked
from callstore.projection.words.said import words
from callstore.projection.words.sought import sought
from callstore.search.compile import where
from callstore.search.kinds.spoken import Find

CALLS = int(os.environ.get("WORDS_CALLS", "200000"))
KINDS = 4_000
ROUNDS, PEERS = 12, 2
ASKED = {
    "common": ("booking", 'caller:"my booking"', "agent_said:予約", "予約", '"good day"', "confirmed 予約"),
    "rare": (
        "zirconium",
        'caller:"zirconium ring"',
        "返金",
        "caller:返金 -agent_said:返金",
        "zirconium booking",
    ),
    "absent": (
        "tractor",
        "station",
        "train",
        "agent_said:返金",
        '"booking my change"',
        "退会",
        "15559999999",
    ),
    "old": ("reception", '"you are through"', "agent_said:welcome -caller:welcome"),
    "short": ("q", "の", "駅", "ok", "zz", "iz"),
}
WAYS = ("index", "scan", "pg_trgm")
MOST_MS = 300
QUICKLY = "SET maintenance_work_mem = '1GB'; "
TOKENS = "CREATE INDEX call_words_tokens ON call_words USING gin (tokens) WITH (fastupdate = off)"
TRIGRAMS = "CREATE INDEX by_trigrams ON call_words USING gin (caller gin_trgm_ops, agent gin_trgm_ops)"


def main() -> None:
    calls = stored()
    table(["", "MB"], sizes())
    ways: dict[str, Find] = {"index": find.condition, "scan": scanned, "pg_trgm": by_trigrams}
    times = {
        kind: {way: timed(asked, found, way) for way, found in ways.items()} for kind, asked in ASKED.items()
    }
    rows = []
    for kind, by_way in times.items():
        medians = [statistics.median(flat(by_way[way])) for way in WAYS]
        slowest = [p95(flat(by_way[way])) for way in WAYS]
        rows.append(
            [kind, *medians, *slowest, *(ratio(each(by_way["index"]), each(by_way[w])) for w in WAYS[1:])]
        )
    table(
        [f"ms at {calls:,} calls", *(f"{way} p50" for way in WAYS), *(f"{way} p95" for way in WAYS),
         "index to scan", "index to pg_trgm"],
        rows,
    )  # fmt: skip
    table(["calls read in vain, of 100", "our tokens", "each 2 letters", "each 3 letters"], list(in_vain()))
    for kind in ASKED:
        demanded(f"words, {kind}, p95 ms", p95(flat(times[kind]["index"])), most=MOST_MS)


def stored() -> int:
    """The calls, and their indexes made anew as after a rebuild; how many calls."""
    again = CALLS // KINDS
    lately = again * 2 // 5
    as_owner("DROP INDEX call_words_tokens")
    calls = filled(KINDS, [Copies(GREETINGS[0], lately, again - lately), Copies(GREETINGS[1], 0, lately)])
    as_owner(QUICKLY + TOKENS)
    as_owner("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    as_owner(QUICKLY + TRIGRAMS)
    as_owner("VACUUM ANALYZE call_words")
    as_owner("VACUUM ANALYZE call")
    return calls


def sizes() -> list[list[object]]:
    """What is stored, in MB."""
    asked = {
        "words and tokens": "pg_table_size('call_words')",
        "our index": "pg_relation_size('call_words_tokens')",
        "pg_trgm's": "pg_relation_size('by_trigrams')",
    }
    return [[name, run(f"SELECT {size} / 1e6::float8", [])[0][0]] for name, size in asked.items()]


def timed(asked: Iterable[str], found: Find, way: str) -> dict[str, list[float]]:
    """Milliseconds of the first page of each query, again and again; once in vain."""
    return {
        q: [page_ms(q, found) for _ in range(1 + (ROUNDS if way == "index" else PEERS))][1:] for q in asked
    }


def page_ms(q: str, found: Find) -> float:
    started = time.perf_counter()
    queries.page(where(q, NEWEST, found))
    return (time.perf_counter() - started) * 1_000


def scanned(sought_: Any) -> Asked:
    """Every call is asked, newest first, until the page is full."""
    asked = [find.of_one_call(word) for word in sought_]
    return Asked(" AND ".join(sql for sql, _ in asked), [p for _, params in asked for p in params])


def by_trigrams(sought_: Any) -> Asked:
    """As one would write it with pg_trgm: the planner finds its index by LIKE."""
    parts = ["(" + " OR ".join(f"said.{p.side} LIKE %s" for p in word) + ")" for word in sought_]
    sql = f"call_id IN (SELECT said.call_id FROM call_words AS said WHERE {' AND '.join(parts)})"
    return Asked(sql, [pattern.like for word in sought_ for pattern in word])


def in_vain() -> Iterable[list[object]]:
    """Of which share of the calls each index says that they may have a word that they lack."""
    told = [words(document) for document in islice(distinct(KINDS, GREETINGS[1]), 1_000)]  # type: ignore[arg-type]  # documents, as the fold makes them
    ours = [tokens.of_text("agent", each.agent) for each in told]
    for word in ("tractor", "station", "train", "contract", "you are about", "予定", "変更"):
        [pattern] = sought([word], ("agent",))
        lack = [n for n, each in enumerate(told) if pattern.like.strip("%") not in each.agent]
        named = [
            [n for n in lack if set(pattern.tokens) <= ours[n]],
            *([n for n in lack if grams(word, size) <= grams(told[n].agent, size)] for size in (2, 3)),
        ]
        yield [word, *(100 * len(each) / len(told) for each in named)]


def grams(text: str, size: int) -> set[str]:
    plain = without(text)
    return {plain[at : at + size] for at in range(len(plain) - size + 1)}


def flat(by_query: dict[str, list[float]]) -> list[float]:
    return [ms for found in by_query.values() for ms in found]


def each(by_query: dict[str, list[float]]) -> list[float]:
    return [statistics.median(found) for found in by_query.values()]


def p95(found: list[float]) -> float:
    return statistics.quantiles(found, n=20, method="inclusive")[-1]
