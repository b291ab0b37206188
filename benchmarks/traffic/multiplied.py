"""Calls in any number for the list: real ones, told, folded and saved, and multiplied in place by SQL.

Each copy has ids and a caller's number of its own, begins at a time of its own within a year, and says two
sentences that its original did not: so a word may be in most calls, in some, in one of 2,000, or in none.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pydoc_data.topics import topics
from random import Random
from typing import Any

import psycopg
from django.db import models

from benchmarks.harness.cluster import as_owner
from benchmarks.traffic import spoken
from benchmarks.traffic.multiplied_sql import CLEARED, MULTIPLIED, PREPARED, SAID
from benchmarks.traffic.projected import project
from callstore.base.progress import Bar
from callstore.eventlog.db.statement import run
from callstore.projection.models import CallRow, CallWords
from callstore.projection.words import periods, tokens
from callstore.projection.words.spelling import spelled
from callstore.projection.words.tokens import Side

STORIES = 300
SENTENCES = 3_000  # of which each call has two
AT_ONCE, WRITERS = 2_000, 2
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
# Said in one of 2,000 calls, and in none.
RARE: dict[Side, tuple[str, ...]] = {
    "caller": ("Is it about the zirconium ring?", "返金はできますか。"),
    "agent": (),
}
ONE_OF = 2_000
QUICKLY = "SET maintenance_work_mem = '2GB'; SET max_parallel_maintenance_workers = 2; "


def built() -> bool:
    """True where the database is filled; what was filled otherwise or not to its end is there no more."""
    return bool(run("SELECT 1 FROM call LIMIT 1", []))


def build(calls: int, out: Any) -> None:
    """Fill the database, which must be fresh; some ten minutes for a million calls."""
    project(STORIES)
    dropped = [index for model in (CallRow, CallWords) for index in _without_indexes(model)]
    _prepare(calls)
    with Bar(calls, out, "calls") as bar, ThreadPoolExecutor(WRITERS) as pool:
        for made in pool.map(_multiply, range(0, calls, AT_ONCE), [calls] * (calls // AT_ONCE + 1)):
            bar(made)
    as_owner(CLEARED)
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(as_owner, [QUICKLY + definition for definition in dropped]))
    for table in ("call", "call_words"):
        as_owner(f"VACUUM ANALYZE {table}")
    [(name,)] = as_owner("SELECT current_database()")
    as_owner(f"COMMENT ON DATABASE {name} IS '{os.environ['KEPT_AS']}'")


def _without_indexes(model: type[models.Model]) -> list[str]:
    """Drop a table's indexes but its key; the statements that make them again."""
    rows = as_owner(
        f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename = '{model._meta.db_table}'"
        " AND indexname NOT LIKE '%pkey'"
    )
    for name, _ in rows:
        as_owner(f"DROP INDEX {name}")
    return [definition for _, definition in rows]


def _prepare(calls: int) -> None:
    """The tables that the copies are made from. What is lost in a crash is built again."""
    for table in ("call_words", "call"):
        as_owner(f"ALTER TABLE {table} SET UNLOGGED")
    as_owner(PREPARED)
    with _owner() as connection:
        cursor = connection.cursor()
        for at, caller, agent in cursor.execute(SAID).fetchall():
            found = sorted(tokens.of_text("caller", caller) | tokens.of_text("agent", agent))
            cursor.execute("UPDATE bench_story SET tokens = %s WHERE at = %s", [found, at])
        with cursor.copy("COPY bench_sentence FROM STDIN") as copy:
            for row in _sentences():
                copy.write_row(row)
        with cursor.copy("COPY bench_start FROM STDIN") as copy:
            for number in range(
                int((NEWEST - YEAR).timestamp()) // periods.SHORTEST_S - 1,
                int(NEWEST.timestamp()) // periods.SHORTEST_S + 1,
            ):
                began = datetime.fromtimestamp(number * periods.SHORTEST_S, UTC)
                copy.write_row([number, list(periods.of_start(began))])
        cursor.execute("ANALYZE bench_story; ANALYZE bench_sentence; ANALYZE bench_start")


def _sentences() -> Iterator[list[Any]]:
    """Number, side, sentence, its spelling, its tokens: of each side the rare ones first."""
    rng = Random(7)
    english = spoken.SENTENCE.findall(" ".join(" ".join(topics.values()).split()))
    for side in RARE:
        for number in range(SENTENCES):
            rare, japanese = number < len(RARE[side]), number % 3 == 0
            text = (
                RARE[side][number] if rare else spoken.japanese_text(rng) if japanese else rng.choice(english)
            )
            line = spelled(text)
            yield [number, side, text, line, sorted(tokens.of_text(side, line))]


def _multiply(first: int, calls: int) -> int:
    """Copies of these numbers; how many."""
    last = min(first + AT_ONCE, calls) - 1
    given = {
        "first": first, "last": last, "calls": calls, "kinds": STORIES,
        "sentences": SENTENCES, "rare": len(RARE["caller"]),
        "one_of": ONE_OF, "newest": NEWEST, "every": YEAR / calls, "shortest": periods.SHORTEST_S,
    }  # fmt: skip
    with _owner() as connection:
        connection.execute("SET synchronous_commit = off; SET jit = off")
        connection.execute(MULTIPLIED, given)
    return last - first + 1


def _owner() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True)
