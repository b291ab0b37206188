"""Calls beside a call: the nearest ones by number, by cause, by agent; each from an index."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from callstore.projection.models import CallRow
from callstore.search import related
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db

AT = datetime(2026, 4, 13, 12, tzinfo=UTC)
KISHI = "+81355500123"


def put(**fields):
    after = fields.pop("after", timedelta())
    return put_call(started_at=(AT + after).isoformat(), **fields)


def minutes(count):
    return timedelta(minutes=count)


def test_a_callers_other_calls_are_found_within_a_day_by_time():
    me = put(**{"from": KISHI})
    wanted = [put(after=minutes(by), **{"from": KISHI}) for by in (-1440, -5, 3, 1440)]
    for by, caller in ((-1441, KISHI), (1441, KISHI), (1, "+49301234567"), (2, None)):
        put(after=minutes(by), **{"from": caller})
    assert [call.call_id for call in related.of_caller(str(me), KISHI, AT)] == wanted


def test_of_many_calls_the_nearest_on_either_side_are_given():
    me = put(**{"from": KISHI})
    for by in (*range(-9, 0), *range(1, 10)):
        put(after=minutes(by), **{"from": KISHI})
    found = [call.started_at for call in related.of_caller(str(me), KISHI, AT)]
    assert found == [AT + minutes(by) for by in (-4, -3, -2, -1, 1, 2, 3, 4)]


def test_what_the_same_finding_decided_in_the_same_minutes_is_found():
    me = put(cause="server_error")
    twin = put(after=minutes(-10), cause="server_error", verdict="ai_closed_first", verdict_confidence="high")
    put(after=minutes(11), cause="server_error")
    put(after=minutes(1), cause="agent_finished")
    [found] = related.of_cause(str(me), "server_error", AT)
    assert (found.call_id, found.verdict, found.confidence) == (twin, "ai_closed_first", "high")


@pytest.mark.parametrize(
    ("agent", "version"), [("booking", "7"), (None, "7"), ("booking", None), (None, None)]
)
def test_the_last_natural_end_is_of_the_same_agent_and_version_and_before(agent, version):
    setting = {"agent_name": agent, "agent_version": version}
    put(after=minutes(-9), verdict="natural_end", **setting)
    last = put(after=minutes(-5), verdict="natural_end", **setting)
    put(after=minutes(-1), verdict="ai_silent_first", **setting)
    put(after=minutes(1), verdict="natural_end", **setting)
    put(after=minutes(-2), verdict="natural_end", agent_name="another", agent_version="7")
    put(after=minutes(-2), verdict="natural_end", agent_name="booking", agent_version="8")
    found = related.last_natural_end(agent, version, AT)
    assert found and found.call_id == last
    assert related.last_natural_end(agent, version, AT - minutes(9)) is None


def test_calls_to_compare_with_are_the_nearest_on_either_side_among_so_many_near_ones(monkeypatch):
    me = put(agent_name="booking", agent_version="7")
    ends = {by: put(after=minutes(by), verdict="natural_end", agent_name="booking") for by in (-9, -3, 5)}
    version = put(after=minutes(-4), verdict="ai_deaf", agent_name="booking", agent_version="7")
    for by, verdict, agent in ((1, "natural_end", "sales"), (2, "live", "booking"), (-1, None, None)):
        put(after=minutes(by), verdict=verdict, agent_name=agent, agent_version="7")
    found = related.comparable(str(me), "booking", "7", AT)
    assert [call.call_id for call in found.of_agent] == [ends[-3], ends[5], ends[-9]]
    assert [call.call_id for call in found.of_version] == [version]
    monkeypatch.setattr(related, "LOOKED_AT", 2)
    found = related.comparable(str(me), "booking", "7", AT)
    assert [call.call_id for call in found.of_agent] == [ends[-3]]
    assert [call.started_at for call in related.comparable(str(me), "x", None, AT).of_any] == [
        AT + minutes(1), AT - minutes(3),
    ]  # fmt: skip


def a_busy_day():
    """Calls of many numbers and causes, counted by the planner, which chooses by its counts."""
    like = CallRow.objects.get(call_id=put(verdict="natural_end", agent_name="booking", agent_version="7"))
    for number in range(500):
        like.call_id, like.started_at = uuid4(), AT + minutes(number % 20 - 10)
        like.caller, like.cause, like.verdict = f"+81{number}", f"cause_{number}", f"verdict_{number % 40}"
        like.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE call")


def test_each_look_up_is_a_range_of_an_index_and_not_a_walk():
    a_busy_day()
    me = str(put(**{"from": KISHI}))
    statements = []

    def noted(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        related.of_caller(me, KISHI, AT)
        related.of_cause(me, "server_error", AT)
        related.last_natural_end("booking", "7", AT)
        related.comparable(me, "nobody", "7", AT)
    assert len(statements) == 6
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        by_start = ["call_by_start|call_numbers|call_facets_by_start"] * 3
        indexes = ["call_by_caller", "call_by_cause", "call_natural_ends", *by_start]
        for (sql, params), index in zip(statements, indexes, strict=True):
            cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert re.search(index, plan) and "Seq Scan" not in plan
