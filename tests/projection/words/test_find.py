"""Few calls are all named; of many it is said how to ask each, and since when none has the words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from callstore.projection.words import find
from callstore.projection.words.sought import sought
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 13, 12, 0, tzinfo=UTC)


def call(text, days_ago=0.0, side="turns", **more):
    at = (NOW - timedelta(days=days_ago)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return put_call(**{side: [{"text": text}], "started_at": at, **more})


def ids(asked):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT call_id FROM call WHERE {asked.sql}", asked.params)
        return {call_id for (call_id,) in cursor.fetchall()}


def words(*texts):
    return [sought([text]) for text in texts]


def test_few_calls_are_named():
    old, new = call("booking", 400), call("my booking")
    call("nothing")
    asked = find.condition(words("booking"))
    assert asked.sql == "call_id = ANY(%s::uuid[])" and set(asked.params[0]) == {old, new}


def test_words_are_looked_for_together(monkeypatch):
    monkeypatch.setattr(find, "FEW", 1)
    both = call("a hotel booking")
    call("hotel")
    call("booking")
    assert find.condition(words("hotel", "booking")).params == [[both]]


def test_words_that_the_newest_calls_have_need_no_look_up(monkeypatch):
    monkeypatch.setattr(find, "OFTEN", 2)
    found = {call("booking", days) for days in (0, 1, 500)}
    asked = find.condition(words("booking"))
    assert "ANY" not in asked.sql and "started_at" not in asked.sql and ids(asked) == found


@pytest.mark.parametrize("days", [0.01, 0.5, 3, 40, 100, 700])
def test_words_that_were_said_until_some_time_ago_are_looked_for_from_then_on(days, monkeypatch):
    monkeypatch.setattr(find, "FEW", 1)
    found = {call("welcome to the old line", days), call("welcome", days + 1), call("welcome", days + 900)}
    for each in (0, days / 3, days / 2):
        call("good day", each)
    call("come well", days / 2, side="replies")
    asked = find.condition(words("welcome"))
    assert asked.sql.startswith("(started_at < %s)") and ids(asked) == found
    last = NOW - timedelta(days=days)
    assert last < asked.params[0] <= last + timedelta(hours=3)


def test_words_that_many_calls_had_are_not_counted_by_the_index(monkeypatch):
    monkeypatch.setattr(find, "FEW", 1)
    monkeypatch.setattr(find, "NEWEST", "SELECT 0 * count(*) FROM call_words AS said WHERE ")
    found = {call("welcome to the old line", days) for days in range(1, 13)}
    call("good day")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE call_words")
    counted = []
    few = find._few
    monkeypatch.setattr(find, "_few", lambda cursor, words: counted.append(words) or few(cursor, words))
    asked = find.condition(words("old line"))
    assert ids(asked) == found and asked.sql.startswith("(started_at < %s)") and not counted
    assert find.condition(words("good day")).sql == "call_id = ANY(%s::uuid[])" and len(counted) == 1


def test_where_a_call_without_a_start_has_words_no_time_bounds_them(monkeypatch):
    monkeypatch.setattr(find, "FEW", 1)
    found = {call("welcome", 3), call("welcome", 4), put_call(turns=[{"text": "welcome"}])}
    asked = find.condition(words("welcome"))
    assert "started_at" not in asked.sql and ids(asked) == found


def test_signs_alone_are_asked_of_each_call():
    found = {call("well... yes")}
    call("no")
    asked = find.condition(words("..."))
    assert "ANY" not in asked.sql and ids(asked) == found
