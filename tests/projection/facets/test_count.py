"""Calls counted by the values of many keys: the counts are those of the list that a value leads to."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import connection

from callstore.projection import queries
from callstore.projection.models import CallRow, Neighbour
from callstore.projection.packed import FACETS as PACKED
from callstore.search.compile import where
from callstore.search.facets import count
from callstore.search.facets.catalogue import FACETS, GAPS
from callstore.search.facets.count import Value, counted
from callstore.search.parser import parse
from callstore.search.tree import Literal, write_literal
from tests.dashboard.calls.listed import CUT_OFF, START, put

pytestmark = pytest.mark.django_db
NOW = START + timedelta(hours=1)
DONE = {"child_status": "completed", "sip_response_code": 200}
CALLS = [
    {**CUT_OFF, "agent_name": "Booking Desk", "agent_version": "2026.04.1", "ai_model": "gpt-realtime"},
    {"verdict": "natural_end", "cause": "agent_finished", **DONE},
    {"verdict": "natural_end", "cause": "agent_finished", "untranscribed_caller_speech_s": 0.0},
    {"verdict": "ai_deaf", "untranscribed_caller_speech_s": 2.0, "region": "ie1", "flags": ["live"]},
    {"verdict": "ai_mute", "untranscribed_caller_speech_s": 1.999, "error_codes": ["server_error", "late"]},
    {"verdict": "ai_mute", "untranscribed_caller_speech_s": 15.0, "findings": [{"slug": "barge_in"}]},
    {"agent_name": 'say "hi" OR (bye)', "agent_version": "1..2", "dtmf": "1", "topology": "conference"},
    {"child_call_sid": "CA" + "9" * 32, "ai_call_id": "rtc_x", "child_status": "no-answer"},
]
QUERIES = (
    "",
    "is:truncated status:completed sip:200",
    "verdict:[ai_mute,ai_deaf]",
    "-verdict:ai_mute",
    "gap:>1s",
    "gap:2s..4999ms",
    "gap:>1s gap:<3s verdict:ai_mute",
    "verdict:natural_end OR error:*",
    "started:2026-04-13 ended:*",
    "(is:live OR started:>=2026-04-13) verdict:*",
    "duration:>1s verdict:ai_mute",
    "no:recording -has:dtmf",
    "agent:BOOKING*",
    "finding:barge_in",
    "incident:openai",
    "-(status:completed sip:200)",
    "hello",
)


def put_all():
    for minute, fields in enumerate(CALLS):
        put(minute, **fields)


def terms_of(key, value):
    return f"{key}:{value if key in ('gap', 'sip') else write_literal(Literal(value, quoted=True))}"


@pytest.mark.parametrize("q", QUERIES)
def test_each_count_is_that_of_the_list_without_the_keys_own_terms(q):
    put_all()
    call = CallRow.objects.get(verdict="ai_deaf")
    Neighbour.objects.create(
        call_id=call.call_id, saved_at=NOW, at=0.0, verdict="ai_deaf", accepted=True,
        incidents=[{"provider": "openai", "title": "Slow"}],
    )  # fmt: skip
    found = counted(parse(q), list(FACETS), NOW)
    assert set(found) == set(FACETS)
    for key, values in found.items():
        rest = " ".join(f"({part})" for part in without(q, key))
        for each in values:
            value, calls, exact = each.value, each.count, each.exact
            assert exact
            asked = f"{rest} {terms_of(key, value)}"
            assert calls == queries.count(where(asked, NOW)), asked
        known = sum(each.count for each in values)
        if key in ("verdict", "status", "topology", "ended_by"):
            assert known == queries.count(where(f"{rest} {key}:*", NOW))


def without(q, key):
    from callstore.search.facets.terms import is_own, top
    from callstore.search.tree import write

    return [write(term) for term in top(parse(q)) if not is_own(term, key)]


def test_lengths_of_a_gap_are_buckets_without_a_hole_or_an_overlap():
    for length in (0.0, 0.001, 1.999, 2.0, 4.999, 5.0, 14.999, 15.0, 900.0):
        put(untranscribed_caller_speech_s=length)
    found = counted(parse(""), ["gap"], NOW)["gap"]
    assert [(each.value, each.count) for each in found] == list(zip(GAPS, (1, 2, 2, 2, 2), strict=True))


def test_the_alternatives_of_a_chosen_value_stay_in_view():
    put_all()
    found = counted(parse("verdict:ai_mute"), ["verdict", "status"], NOW)
    assert found["verdict"][0] == Value("ai_mute", 2, True)
    assert Value("natural_end", 2, True) in found["verdict"]
    assert found["status"] == []


def test_a_count_beyond_the_bound_is_the_bound_and_not_exact(monkeypatch):
    put_all()
    monkeypatch.setattr(count, "MOST", 1)
    found = counted(parse(""), ["verdict"], NOW)["verdict"]
    assert found[0] == Value("ai_mute", 1, False)
    assert Value("ai_deaf", 1, True) in found


def test_a_count_that_takes_too_long_is_told_of_the_newest_calls_and_is_not_exact():
    put_all()
    found = counted(parse(""), ["verdict"], NOW, budget_s=0)["verdict"]
    assert found[0] == Value("ai_mute", 2, False)


def plan_of(q):
    with connection.cursor() as cursor:
        for other_way in ("seqscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{other_way} = off")
        # So small a table is read by any other index as well.
        cursor.execute(
            "SELECT string_agg(indexrelid::regclass::text, ', ') FROM pg_index"
            " WHERE indrelid = 'call'::regclass"
            " AND NOT indisprimary AND indexrelid::regclass::text NOT LIKE 'call_facets%'"
        )
        cursor.execute(f"DROP INDEX {cursor.fetchone()[0]}")
        [scan] = count.scans(count.top(parse(q)), ("verdict", "status"))
        sql, params = count.packed_statement(scan, NOW)
        cursor.execute("EXPLAIN " + sql, params)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("q", ["", "is:truncated status:completed sip:200", "-verdict:ai_mute"])
def test_all_calls_are_counted_from_one_index_alone(q):
    put_all()
    assert "Index Only Scan using call_facets on call" in plan_of(q)


def test_calls_of_a_time_are_counted_from_an_index_alone():
    put_all()
    plan = plan_of("started:>=2026-04-12 (ended:>2026-04-12 OR is:live) verdict:ai_mute")
    assert "Index Only Scan using call_facets_by_start on call" in plan


def test_whatever_a_provider_wrote_can_be_stored_and_what_is_too_long_is_no_facet():
    widest = "\U0001f4de" * 500
    names = ("agent_name", "agent_version", "ai_model", "region", "edge", "child_status")
    put(
        **dict.fromkeys(names, widest),
        error_codes=[f"{n:064}" for n in range(50)], warning_codes=[f"{n:024}" for n in range(50)],
    )  # fmt: skip
    put(agent_name="\x1f\x1e", agent_version="x" * 40, child_status="\x1fcompleted")
    found = counted(parse(""), ["agent", "version", "status", "error"], NOW)
    assert (found["agent"], found["status"]) == ([], [])
    assert [each.value for each in found["version"]] == ["x" * 40]
    assert len(found["error"]) == 8


def test_the_columns_are_packed_in_the_order_in_which_they_are_taken_apart():
    put_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_function_arguments('call_facets'::regproc)")
        [(arguments,)] = cursor.fetchall()
    written = [argument.split()[0] for argument in arguments.split(", ")]
    assert written == ["gap" if name == "untranscribed_caller_speech_s" else name for name in PACKED]


def test_every_combination_of_keys_can_be_asked_for():
    put_all()
    for pair in product(FACETS, repeat=2):
        assert set(counted(parse("is:truncated gap:>1s"), list(pair), datetime.now(UTC))) == set(pair)
