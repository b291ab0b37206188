"""What the log needs to be spread over many nodes by trace, read from catalogue and statements."""

import re

import pytest

from callstore.eventlog.writing import append
from tests.eventlog.tampering import sql
from tests.places import ROOT

pytestmark = pytest.mark.django_db

# The column that would distribute each table; the others are small and would be copied to every node.
DISTRIBUTED = {
    "event": "trace_id",
    "head": "trace_id",
    "conflict": "trace_id",
    "stream": "subject",
    "call_key": "key_id",
}
COPIED = {"leader", "seal", "epoch", "feed_cursor", "retirement", "retired"}
LOG = ROOT / "callstore" / "eventlog"
SOURCES = [
    path for folder in ("callstore", "ingest", "dashboard") for kind in ("*.py", "*.sql")
    for path in sorted((ROOT / folder).rglob(kind))
]  # fmt: skip
UNIQUE = """
SELECT i.indexrelid::regclass::text, array_agg(a.attname::text)
FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey::smallint[])
WHERE i.indisunique AND (i.indrelid = %s::regclass
  OR i.indrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = %s::regclass))
GROUP BY 1
"""
VOLATILE = "SELECT DISTINCT proname::text FROM pg_proc WHERE provolatile = 'v' AND prokind = 'f'"


def without_it(table: str, column: str) -> list[str]:
    """The unique keys of a table and its partitions that lack a column."""
    keys = sql(UNIQUE, f"log.{table}", f"log.{table}")
    assert keys
    return [name for name, columns in keys if column not in columns]


def test_every_table_of_the_log_is_spread_or_small():
    partitions = "SELECT inhrelid FROM pg_inherits WHERE inhparent = 'log.event'::regclass"
    tables = sql(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'log'::regnamespace"
        f" AND relkind IN ('r', 'p') AND oid NOT IN ({partitions})"
    )
    assert {name for (name,) in tables} == {*DISTRIBUTED, *COPIED}


@pytest.mark.parametrize(("table", "column"), DISTRIBUTED.items())
def test_every_unique_key_holds_the_column_that_would_distribute_its_table(table, column):
    assert without_it(table, column) == []


def test_a_key_without_that_column_would_be_found_in_any_partition():
    sql("CREATE UNIQUE INDEX wrong ON log.event_2026_04 (position)")
    sql("CREATE UNIQUE INDEX wrong_too ON log.head (since) WHERE false")
    assert without_it("event", "trace_id") == ["log.wrong"]
    assert without_it("head", "trace_id") == ["log.wrong_too"]


def test_partitions_are_cut_by_a_column_of_their_key():
    [(columns,)] = sql("SELECT pg_get_partkeydef('log.event'::regclass)")
    assert columns == "RANGE (bucket)"
    assert all("bucket" in columns for _, columns in sql(UNIQUE, "log.event", "log.event"))


def updates(text: str) -> list[str]:
    """What follows each DO UPDATE, to the end of its part of the statement or some way beyond."""
    return [re.split(r'"""|\n\)|RETURNING', found)[0][:500] for found in text.split("DO UPDATE")[1:]]


def volatile(text: str) -> set[str]:
    """The volatile functions that are called in a text."""
    return set(re.findall(r"([a-z_]+)\s*\(", text)) & {name for (name,) in sql(VOLATILE)}


def test_no_update_on_conflict_calls_a_volatile_function():
    found = {path: updates(path.read_text()) for path in SOURCES}
    assert len(found[LOG / "sql" / "append.sql"]) == len(found[LOG / "sql" / "append_one.sql"]) == 1
    assert sum(map(len, found.values())) >= 6
    assert {
        (path, *volatile(text)) for path, texts in found.items() for text in texts if volatile(text)
    } == set()
    [update] = updates(append.MANY)
    assert volatile(update.replace("excluded.since", "clock_timestamp()")) == {"clock_timestamp"}


def test_no_rows_of_many_nodes_are_locked_by_a_query():
    locking = re.compile(r"FOR\s+(NO\s+KEY\s+)?UPDATE|FOR\s+(KEY\s+)?SHARE\b")
    assert locking.search("SELECT 1 FROM log.head ORDER BY since LIMIT 5 FOR UPDATE SKIP LOCKED")
    # A migration that fills rows of calls holds those that it fills, few at a time, and it runs once.
    known = [path for path in SOURCES if "migrations" not in path.parts]
    assert [path for path in known if locking.search(path.read_text())] == []
