"""A window of time, and relative times made absolute."""

from datetime import UTC, datetime, timedelta

import pytest

from callstore.projection import queries
from callstore.search.compile import compiled
from callstore.search.errors import QueryError
from callstore.search.parser import parse
from callstore.search.tree import write
from callstore.search.window import EARLIEST, LATEST, Window, absolute, read, within
from tests.dashboard.documents import put_call

NOW = datetime(2026, 4, 13, 12, 30, 15, tzinfo=UTC)
MIDNIGHT = datetime(2026, 4, 13, tzinfo=UTC)
NOON, ONE = datetime(2026, 4, 13, 12, tzinfo=UTC), datetime(2026, 4, 13, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "window"),
    [
        ("", "", Window()),
        ("-24h", "", Window(NOW - timedelta(hours=24))),
        ("today", "", Window(MIDNIGHT)),
        ("2026-04-13", "2026-04-13", Window(MIDNIGHT, MIDNIGHT + timedelta(days=1))),
        ("2026-04-13T21:00+09:00", "", Window(NOON)),
        ("0001-01-01", "9000-01-01", Window(EARLIEST, LATEST)),
    ],
)
def test_a_window_is_read_as_the_query_language_reads_times(since, until, window):
    assert read(since, until, NOW) == window


@pytest.mark.parametrize(("since", "until"), [("yesterday", ""), ("", "25"), ("2026-04-14", "2026-04-12")])
def test_a_window_that_cannot_be_says_so(since, until):
    with pytest.raises(QueryError, match=r"from|to|before"):
        read(since, until, NOW)


@pytest.mark.django_db
def test_a_call_counts_that_ran_into_the_window_or_on_beyond_it():
    def put(name, start, end, **fields):
        times = {"started_at": start, "ended_at": end}
        return name, str(put_call(**{k: v and f"2026-04-13T{v}:00Z" for k, v in times.items()}, **fields))

    calls = dict(
        [
            put("ran into it", "11:50", "12:05"),
            put("within", "12:10", "12:20"),
            put("ran out of it", "12:50", "13:10"),
            put("around it", "11:00", "14:00"),
            put("still running", "11:00", None, flags=["live"]),
            put("began in it, end unknown", "12:30", None),
            put("before", "11:00", "11:59"),
            put("after", "13:00", "13:10"),
            put("before, end unknown", "11:00", None),
        ]
    )
    tree = within(parse(""), Window(NOON, ONE))
    found = {each["call_id"] for each in queries.page(compiled(tree, NOW)).items}
    names = {name for name, call_id in calls.items() if call_id in found}
    assert names == set(calls) - {"before", "after", "before, end unknown"}


def test_a_window_is_a_query_that_can_be_written_and_read():
    tree = within(parse("is:live OR sip:200"), Window(NOON, ONE))
    assert parse(write(tree)) == tree
    assert write(tree) == (
        "(is:live OR sip:200) started:>=2026-04-12T12:00:00Z started:<2026-04-13T13:00:00Z"
        " (started:>=2026-04-13T12:00:00Z OR ended:>=2026-04-13T12:00:00Z OR is:live)"
    )
    assert within(parse("is:live"), Window()) == parse("is:live")


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("started:-24h", "started:2026-04-12T12:30:15Z..2026-04-13T12:30:15Z"),
        ("-(ended:<-1h OR help)", "-(ended:<2026-04-13T11:30:15Z OR help)"),
        ("started:-2h..now is:live", "started:2026-04-13T10:30:15Z..2026-04-13T12:30:15Z is:live"),
        ("started:2026-04-13 gap:>5s", "started:2026-04-13 gap:>5s"),
        ('"-24h" -24h', '"-24h" -24h'),
    ],
)
def test_times_that_count_from_now_are_written_as_the_moment_they_mean(text, fixed):
    assert write(absolute(parse(text), NOW)) == fixed
