"""The rules of Citus, kept where there is none: which keys and statements one node answers for itself."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callstore.eventlog.db import shards
from callstore.projection import projector
from callstore.projection.worklist import heads
from tests.eventlog.tampering import sql
from tests.projection.facts import keep, sid, status

pytestmark = pytest.mark.django_db(transaction=True)

SPREAD = "|".join(name.replace(".", r"\.") for name in shards.DISTRIBUTED)
# By the trace of the statement's parameters, of a row that it joins, or of the row that it writes.
BY_TRACE = re.compile(
    r"\btrace_id\s*(=|IN\b|BETWEEN\b)|ON CONFLICT|INSERT INTO log\.|= (h|s|e|head|given)\.trace_id", re.I
)


def of_many_nodes(statements: list[str]) -> list[str]:
    """Those that name a table which is spread, and no trace."""
    return [text for text in statements if re.search(SPREAD, text) and not BY_TRACE.search(text)]


def sent(work) -> list[str]:
    """The statements that this work sends; none of them prepared, since psycopg has no text of those."""
    connection.ensure_connection()
    bare = connection.connection
    before, bare.prepare_threshold = bare.prepare_threshold, None
    try:
        with CaptureQueriesContext(connection) as queries:
            work()
    finally:
        bare.prepare_threshold = before
    assert all(query["sql"] for query in queries)
    return [query["sql"] for query in queries]


def test_every_unique_key_holds_the_column_that_spreads_its_table():
    assert shards.keys_of_many_nodes() == []


def test_a_unique_key_without_that_column_is_found_also_in_a_partition():
    [(month,)] = sql(
        "SELECT min(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'log.event'::regclass"
    )
    try:
        sql("CREATE UNIQUE INDEX of_a_bucket ON log.head (bucket, version)")
        sql(f"CREATE UNIQUE INDEX of_a_digest ON {month} (row_sha)")
        found = ["log.head: log.of_a_bucket", f"{month}: log.of_a_digest"]
        assert shards.keys_of_many_nodes() == sorted(found)
    finally:
        sql("DROP INDEX IF EXISTS log.of_a_bucket, log.of_a_digest")


def test_an_append_and_a_fold_ask_one_node_for_each_trace():
    leg, traces = sid(), []
    statements = sent(lambda: traces.extend(keep(status(leg, "ringing"), status(leg, "completed"))))
    statements += sent(lambda: (heads.begin(traces), projector.project(traces)))
    assert any("log.event" in text for text in statements) and any("log.head" in text for text in statements)
    assert of_many_nodes(statements) == []


def test_the_page_of_a_call_asks_for_its_traces_alone(admin_client):
    leg = sid()
    traces = keep(status(leg, "completed"))
    projector.project(traces)
    [(position,)] = sql("SELECT min(position) FROM log.event WHERE trace_id = %s", *traces)
    statements = []
    for path in (
        f"/calls/{leg}", f"/calls/{leg}/events", f"/calls/{leg}/events/{position}", f"/calls/{leg}/history",
        f"/api/v1/calls/{leg}", f"/api/v1/calls/{leg}/timeline", f"/api/v1/calls/{leg}/events",
        f"/api/v1/calls/{leg}/advice",
    ):  # fmt: skip
        statements += sent(lambda path=path: admin_client.get(path))
    assert any("log.event" in text for text in statements)
    assert of_many_nodes(statements) == []


def test_lists_and_numbers_of_many_calls_ask_not_all_nodes(admin_client):
    projector.project(keep(status(sid(), "completed")))
    statements = []
    for path in ("/calls", "/api/v1/calls?q=status:completed", "/api/v1/facets", "/api/v1/overview"):
        statements += sent(lambda path=path: admin_client.get(path))
    assert len(statements) > 4
    assert of_many_nodes(statements) == []


def test_a_statement_without_its_trace_is_found():
    assert of_many_nodes(["SELECT count(*) FROM log.event WHERE type = 'leg'", "SELECT 1"]) != []
    assert of_many_nodes(["SELECT * FROM log.event WHERE trace_id = ANY(%s)"]) == []


def test_without_citus_the_command_says_what_to_do_and_changes_nothing():
    with pytest.raises(CommandError, match=r"This database has no Citus: .* CREATE EXTENSION citus"):
        call_command("distribute")


def test_the_statements_can_be_read_first(capsys):
    call_command("distribute", "--print")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "SET citus.enable_unsafe_triggers = on;"
    assert "SELECT create_distributed_table('log.event', 'trace_id');" in lines
    assert "SELECT create_distributed_table('log.head', 'trace_id', colocate_with => 'log.event');" in lines
    assert "SELECT create_reference_table('log.stream');" in lines
