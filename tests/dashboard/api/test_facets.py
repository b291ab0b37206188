"""Counts and offers over HTTP."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.dashboard.calls.listed import CUT_OFF, put

pytestmark = pytest.mark.django_db


def facets(api, **asked):
    answer = api.get("/api/v1/facets", asked)
    assert answer.status_code == 200
    return {each["key"]: each["values"] for each in answer.json()["facets"]}


def offers(api, q, **asked):
    answer = api.get("/api/v1/suggest", {"q": q, **asked})
    assert answer.status_code == 200
    return answer.json()


def test_facets_are_counted_for_a_query_and_say_whether_they_are_exact(api):
    put(**CUT_OFF)
    put(1, verdict="natural_end")
    assert facets(api, q="is:truncated", keys="verdict,gap") == {
        "verdict": [{"value": "ai_silent_first", "count": 1, "exact": True}],
        "gap": [{"value": "5s..14999ms", "count": 1, "exact": True}],
    }
    assert facets(api, q="is:truncated", keys="confidence,edge").keys() == {"confidence", "edge"}


def test_without_keys_every_facet_is_told_in_one_look_at_the_calls(api):
    put(**CUT_OFF)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = facets(api)
    assert set(found) == {
        "verdict", "is", "cause", "gap", "status", "sip", "ended_by", "topology", "agent", "version", "model",
        "region", "warning", "error", "no", "incident", "review", "finding",
    }  # fmt: skip
    assert sum("GROUP BY facets" in each["sql"] for each in asked) == 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"keys": "verdict,nope"}, "There is no facet nope."),
        ({"q": "stats:1"}, "There is no key stats:"),
        ({"q": '"open'}, "The quotation mark is not closed."),
    ],
)
def test_a_wrong_query_and_an_unknown_key_are_problems(api, asked, told):
    answer = api.get("/api/v1/facets", asked)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(told)


def test_a_stranger_is_told_no_counts_and_no_offers(stranger):
    assert stranger.get("/api/v1/facets").status_code == 401
    assert stranger.get("/api/v1/suggest").status_code == 401


def test_keys_are_offered_with_what_they_ask_then_values_that_begin_so(api):
    found = offers(api, "is:live tru")
    assert (found["start"], found["end"]) == (8, 11)
    assert [each["text"] for each in found["items"]] == ["is:truncated"]
    keys = offers(api, "ver")["items"]
    assert [each["text"] for each in keys[:2]] == ["verdict:", "version:"]
    assert keys[0]["kind"] == "key" and keys[0]["about"] == "How the call ended"
    assert len(offers(api, "")["items"]) > 20


def test_values_are_offered_with_how_many_calls_of_the_rest_have_them_and_at_none(api):
    put(**CUT_OFF)
    put(1, verdict="natural_end")
    found = {each["text"]: each for each in offers(api, "is:truncated verdict:")["items"]}
    assert found["ai_silent_first"]["count"] == 1
    assert next(iter(found)) == "ai_silent_first"  # most calls first
    assert found["natural_end"]["count"] == found["ai_deaf"]["count"] == 0
    assert [each["text"] for each in offers(api, "verdict:deaf")["items"]] == ["ai_deaf"]


def test_what_calls_alone_know_is_offered_ready_to_be_asked_for(api):
    put(**CUT_OFF, agent_name="Booking Desk", agent_version="2026.04.1")
    about = "The agent, as its application calls it"
    [agent] = offers(api, "agent:boo")["items"]
    assert agent == {"kind": "value", "text": '"Booking Desk"', "about": about, "count": 1, "exact": True}
    assert offers(api, 'agent:"Boo')["items"] == [agent]
    assert [each["text"] for each in offers(api, "version:")["items"]] == ["2026.04.1"]
    assert [each["text"] for each in offers(api, "warning:")["items"]] == ["32113"]
    assert [each["text"] for each in offers(api, "sip:2")["items"]] == ["200"]


def test_words_that_no_facet_counts_are_those_of_the_newest_calls(api):
    put(**CUT_OFF, languages=["ja-JP"])
    found = offers(api, "lang:j")["items"]
    assert [(each["text"], each["count"], each["exact"]) for each in found] == [
        ("ja", 1, False),
        ("ja-jp", 1, False),
    ]


def test_a_place_inside_the_query_is_what_is_offered_for(api):
    put(**CUT_OFF)
    found = offers(api, "verdict:ai_ sip:200", at=11)
    assert (found["start"], found["end"]) == (8, 11)
    assert found["items"][0]["text"].startswith("ai_")


@pytest.mark.parametrize(
    "q", ['"open', "nope:x", "((", "gap:>", "\x00", "verdict:zzz", "x" * 3000, "] [ , :", "a OR", "tag:"]
)  # fmt: skip
@pytest.mark.parametrize("at", [None, "0", "-1", "99999999999", "x", ""])
def test_nothing_that_is_written_is_an_error(api, q, at):
    offers(api, q, **({} if at is None else {"at": at}))


def test_where_nothing_fits_nothing_is_offered(api):
    assert offers(api, "nope:x")["items"] == offers(api, "verdict:zzz")["items"] == []
