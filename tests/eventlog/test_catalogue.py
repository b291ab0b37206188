"""What the log needs to be spread over many nodes by trace, read from catalogue and statements."""

import re
from inspect import getsource

import pytest

from callstore.eventlog import append, sqlfile
from callstore.projection import heads
from tests.eventlog.tampering import sql

pytestmark = pytest.mark.django_db

# The column that would distribute each table; the others are small and would be copied to every node.
DISTRIBUTED = {
    "event": "trace_id",
    "head": "trace_id",
    "conflict": "trace_id",
    "stream": "subject",
    "call_key": "key_id",
}
UNIQUE = """
SELECT i.indexrelid::regclass::text, array_agg(a.attname::text)
FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey::smallint[])
WHERE i.indisunique AND (i.indrelid = %s::regclass
  OR i.indrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = %s::regclass))
GROUP BY 1
"""
VOLATILE = "SELECT DISTINCT proname::text FROM pg_proc WHERE provolatile = 'v' AND prokind = 'f'"


@pytest.mark.parametrize(("table", "column"), DISTRIBUTED.items())
def test_every_unique_key_holds_the_column_that_would_distribute_its_table(table, column):
    keys = sql(UNIQUE, f"log.{table}", f"log.{table}")
    assert keys
    assert [name for name, columns in keys if column not in columns] == []


def test_partitions_are_cut_by_a_column_of_their_key():
    [(columns,)] = sql("SELECT pg_get_partkeydef('log.event'::regclass)")
    assert columns == "RANGE (bucket)"
    assert all("bucket" in columns for _, columns in sql(UNIQUE, "log.event", "log.event"))


@pytest.mark.parametrize("statement", [append.ONE, append.MANY])
def test_no_update_on_conflict_calls_a_volatile_function(statement):
    volatile = {name for (name,) in sql(VOLATILE)}
    assert {"clock_timestamp", "random", "nextval"} <= volatile
    updates = re.findall(r"DO UPDATE SET(.*?)(?:\n\)|\Z)", statement, re.S)
    assert len(updates) == 1
    assert set(re.findall(r"([a-z_]+)\s*\(", updates[0])) & volatile == set()


@pytest.mark.parametrize(
    "statements", [append.ONE, append.MANY, sqlfile.read("0001_log.up"), getsource(heads)]
)
def test_neither_append_nor_claim_locks_rows_of_many_nodes(statements):
    assert "FOR UPDATE" not in statements.upper()
