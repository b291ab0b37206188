"""What people decided can be asked for."""

from datetime import UTC, datetime

import pytest

from callstore.search.compile import where
from callstore.search.errors import QueryError
from callstore.search.who_asks import WHO_ASKS

NOW = datetime(2026, 4, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "sql", "params"),
    [
        ("review:confirmed", "review_state = %s", ["confirmed"]),
        ("review:open", "review_state = ANY(%s)", [["investigating", "new"]]),
        ("review:[resolved,open]", "review_state = ANY(%s)", [["investigating", "new", "resolved"]]),
        ("assignee:ada", "assignee ILIKE %s", ["ada"]),
        ("assignee:*", "assignee IS NOT NULL", []),
        ("tag:*", "tags <> '{}'", []),
        ("tag:billing", "tags <> '{}' AND tags @> %s::text[]", [["billing"]]),
    ],
)
def test_a_decision_is_asked_for_by_its_columns(query, sql, params):
    assert where(query, NOW) == (sql, params)


def test_a_part_of_a_tag_finds_it():
    assert where("tag:week*", NOW).params == ["week%"]


def test_me_is_who_asks_and_a_token_is_nobody():
    with pytest.raises(QueryError, match="a token is nobody"):
        where("assignee:me", NOW)
    WHO_ASKS.set(lambda: "ada")
    try:
        assert where("assignee:me", NOW) == ("assignee = %s", ["ada"])
    finally:
        WHO_ASKS.set(lambda: "")


def test_a_state_that_is_none_is_refused_with_the_nearest():
    with pytest.raises(QueryError, match="Did you mean confirmed"):
        where("review:confirm", NOW)
