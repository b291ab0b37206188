"""All calls of a filter by many short statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callstore.projection import slices as module
from callstore.projection.slices import slices
from tests.dashboard.documents import put_call
from tests.projection.facts import sql

pytestmark = pytest.mark.django_db


def put(number):
    """So many calls, three of each start, and three of none."""
    starts = [None] * 3 + [f"2026-04-13T00:{n // 3:02d}:00.000Z" for n in range(number - 3)]
    return [str(put_call(started_at=start, child_status="busy")) for start in starts]


def given(where=module.EVERY):
    return [document["call_id"] for part in slices(where) for document in part]


def ordered():
    return [
        row[0]
        for row in sql("SELECT call_id::text FROM call ORDER BY started_at DESC NULLS LAST, call_id DESC")
    ]


@pytest.mark.parametrize("looked_at", [1, 2, 3, 7, 12, 13, 1_000])
@pytest.mark.parametrize("at_once", [1, 2, 5, 200])
def test_every_call_is_given_once_and_newest_first(monkeypatch, looked_at, at_once):
    put(12)
    monkeypatch.setattr(module, "LOOKED_AT", looked_at)
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    assert given() == ordered()
    assert all(len(part) <= at_once for part in slices())


def test_an_empty_store_gives_an_empty_list():
    assert given() == [] and next(slices()) == []


def test_a_filter_holds_in_every_slice(monkeypatch):
    monkeypatch.setattr(module, "LOOKED_AT", 2)
    put(6)
    late = str(put_call(started_at="2026-04-13T00:00:30.000Z", child_status="failed"))
    unknown = str(put_call(child_status="failed"))
    assert given(("child_status = %s", ["failed"])) == [late, unknown]


def test_calls_that_come_meanwhile_move_nothing(monkeypatch):
    monkeypatch.setattr(module, "LOOKED_AT", 2)
    put(9)
    expected = ordered()
    met = []
    for part in slices():
        met += [document["call_id"] for document in part]
        put_call(started_at="2026-04-14T00:00:00.000Z")
    assert met == expected


def test_no_statement_looks_at_more_calls_than_it_may(monkeypatch):
    monkeypatch.setattr(module, "LOOKED_AT", 100)
    put_call()
    sql("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
    sql(
        "INSERT INTO call (call_id, started_at, version, rules_version, document, flags, warning_codes,"
        " error_codes, tags, caller, saved_at) SELECT gen_random_uuid(),"
        " now() - n * interval '1 s', 1, '', '{}', '{}', '{}', '{}', '{}', 'words', now()"
        " FROM generate_series(1, 1000) AS n"
    )
    sql("ANALYZE call")
    with CaptureQueriesContext(connection) as asked:
        given(("caller LIKE %s", ["%nothing has this%"]))
    looked = []
    for query in asked.captured_queries:
        [[[plan]]] = sql(f"EXPLAIN (ANALYZE, FORMAT json) {query['sql'].replace('%', '%%')}")
        looked.append(most_rows(plan["Plan"]))
    # An index of starts alone is as good; it meets the calls at both ends of a range once more.
    assert len(looked) > 20 and max(looked) <= 100 + 2


def most_rows(plan):
    """The most rows that a part of a plan reads, given on or not."""
    removed = plan.get("Rows Removed by Filter", 0)
    return max([plan["Actual Rows"] + removed, *map(most_rows, plan.get("Plans", []))])


def test_the_founding_filter_keeps_its_index_in_every_slice(monkeypatch):
    put(12)
    where = "flags @> ARRAY['truncated'] AND child_status = 'completed' AND sip_response_code = 200"
    sql("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        given((where, []))
    plan = "\n".join(line for (line,) in sql(f"EXPLAIN {asked.captured_queries[1]['sql']}"))
    assert "call_clean_but_cut_off" in plan
