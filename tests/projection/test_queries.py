import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callstore.projection import projector, queries
from callstore.projection.words.find import condition
from callstore.projection.words.sought import sought
from tests.projection.facts import keep, rtc, said, sid, sql, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls():
    """Nine calls: durations 9, 10 and unknown, each three times."""
    for n in range(9):
        projector.project(keep(status(sid(), "completed", at=n)))
    numbered = "SELECT call_id AS id, nullif(9 + row_number() OVER () %% 3, 11) AS duration FROM call"
    sql(f"UPDATE call SET child_duration_s = duration FROM ({numbered}) AS numbered WHERE call_id = id")
    return {row[0]: row[1] for row in sql("SELECT call_id::text, child_duration_s FROM call")}


@pytest.mark.parametrize(
    "sort", ["child_duration_s", "-child_duration_s", "-started_at", "call_id", "-ai_close_observed"]
)
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 8, 9, 10])
def test_pages_put_together_are_all_calls_in_order(calls, sort, limit):
    paged, cursor = [], None
    while True:
        items, cursor = queries.page(sort=sort, cursor=cursor, limit=limit)
        assert len(items) <= limit
        paged += [call["call_id"] for call in items]
        if cursor is None:
            break
    direction = "DESC" if sort.startswith("-") else "ASC"
    order = f"{sort.removeprefix('-')} {direction} NULLS LAST, call_id {direction}"
    assert paged == [call_id for (call_id,) in sql(f"SELECT call_id::text FROM call ORDER BY {order}")]
    assert sorted(paged) == sorted(calls)


SLOW = "(SELECT pg_sleep({})) IS NOT NULL AND child_duration_s = %s"


@pytest.mark.parametrize("sort", ["child_duration_s", "-started_at", "-verdict"])
def test_what_is_not_found_in_its_order_soon_is_found_by_the_words_for_few_and_put_in_order(calls, sort):
    plain = ("child_duration_s = %s", [9])
    slow, never = (SLOW.format(2), [9]), (SLOW.format(30), [9])
    everything = queries.page(plain, sort)
    first = queries.page(never, sort, limit=2, rarely=plain)
    rest = queries.page(never, sort, first.next_cursor, rarely=plain)
    assert len(first.items) == 2 and first.items + rest.items == everything.items
    assert queries.page(slow, sort, rarely=slow) == everything  # not so few: all the time that it takes
    [(left,)] = sql("SELECT current_setting('statement_timeout')")
    assert left not in ("50ms", "1s")  # of what else its transaction does


def test_unknown_values_come_last_in_both_directions(calls):
    for sort in ("child_duration_s", "-child_duration_s"):
        values = [calls[call["call_id"]] for call in queries.page(sort=sort).items]
        assert values[6:] == [None] * 3 and None not in values[:6]
        assert values[:6] == sorted(values[:6], reverse=sort.startswith("-"))


def test_a_filter_holds_on_every_page_and_in_the_count(calls):
    where = ("child_duration_s = %s OR child_duration_s IS NULL", [9])
    items, cursor = queries.page(where, "child_duration_s", None, 4)
    more, end = queries.page(where, "child_duration_s", cursor, 4)
    assert [calls[call["call_id"]] for call in items + more] == [9, 9, 9, None, None, None]
    assert end is None and queries.count(where) == 6


def test_a_new_call_in_front_moves_no_later_page(calls):
    first = queries.page(sort="-started_at", limit=4)
    projector.project(keep(status(sid(), "ringing", at=100)))
    second = queries.page(sort="-started_at", limit=10, cursor=first.next_cursor)
    assert sorted(call["call_id"] for call in first.items + second.items) == sorted(calls)


def test_a_cursor_that_was_changed_is_refused(calls):
    cursor = queries.page(limit=1).next_cursor
    for bad in (cursor[:-1], "x" + cursor, "rubbish", "%00"):
        with pytest.raises(ValueError, match="cursor"):
            queries.page(cursor=bad)


def test_a_cursor_of_another_sort_is_refused(calls):
    cursor = queries.page(sort="-started_at", limit=1).next_cursor
    with pytest.raises(ValueError, match="-started_at"):
        queries.page(sort="started_at", cursor=cursor)


@pytest.mark.parametrize("sort", ["", "-", "document", "flags", "call_id; DROP TABLE call", "version"])
def test_only_columns_that_are_shown_can_be_sorted_by(sort):
    with pytest.raises(ValueError, match="sorted"):
        queries.page(sort=sort)


@given(st.text())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_a_search_for_an_id(text):
    assert queries.find(text) is None


def test_words_are_found_inside_words_in_any_case_and_script():
    session = rtc()
    projector.project(keep(said(session, "GRÜSSE aus 東京タワー")))
    for word in ("grüsse", "ÜSSE", "京タワ", session):
        where = condition([sought([word], ids=True)])
        assert [call["ai_call_id"] for call in queries.page(where).items] == [session]


def test_the_founding_filter_has_an_index_of_its_own():
    where = "flags @> ARRAY['truncated'] AND child_status = 'completed' AND sip_response_code = 200"
    sql("SET enable_seqscan = off")
    plan = sql(f"EXPLAIN SELECT call_id FROM call WHERE {where} AND started_at IS NOT NULL"
               " ORDER BY started_at DESC, call_id DESC LIMIT 50")  # fmt: skip
    sql("RESET enable_seqscan")
    text = "\n".join(line for (line,) in plan)
    assert "call_clean_but_cut_off" in text and "Sort" not in text


def test_a_page_is_one_range_of_an_index():
    sql("SET enable_seqscan = off; SET enable_sort = off")
    plan = sql(
        "EXPLAIN SELECT call_id FROM call WHERE (TRUE) AND started_at IS NOT NULL"
        " AND (started_at, call_id) < ('2026-01-01', '00000000-0000-0000-0000-000000000000')"
        " ORDER BY started_at DESC, call_id DESC LIMIT 50"
    )
    sql("RESET enable_seqscan; RESET enable_sort")
    text = "\n".join(line for (line,) in plan)
    assert "Index Cond" in text and "ROW(started_at, call_id)" in text
