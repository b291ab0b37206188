"""A page's query is parsed once, and every link is made from its tree."""

import pytest

from callstore.search import parser
from dashboard.calls.query import Query
from tests.dashboard.calls.listed import CUT_OFF, put


@pytest.mark.parametrize(
    ("text", "longer"),
    [
        ("", "sip:200"),
        ("is:live", "is:live sip:200"),
        ("  is:live   AND help", "is:live help sip:200"),
        ("is:live OR help", "(is:live OR help) sip:200"),
        ("NOT (is:live help)", "-(is:live help) sip:200"),
        ("help sip:200", "help sip:200"),
        ("sip:200", "sip:200"),
        ("-sip:200", "-sip:200 sip:200"),
        ("sip:200 OR help", "(sip:200 OR help) sip:200"),
        ("help (sip:200 OR is:live)", "help (sip:200 OR is:live) sip:200"),
    ],
)
def test_a_term_is_added_once_and_binds_as_a_whole(text, longer):
    assert Query.read(text).with_term("sip:200") == longer


@pytest.mark.parametrize("text", ["", "is:live OR help", "is:live  AND -help"])
def test_a_query_with_a_term_more_is_read_back_as_just_that(text):
    query = Query.read(text)
    longer = Query.read(query.with_term("sip:200"))
    assert longer.terms == (*query.terms, *Query.read("sip:200").terms)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", ["", "is:truncated status:completed", "is:live OR is:truncated", "is:live zzz", "stats:1"]
)
def test_a_page_of_calls_parses_its_query_once(reader, monkeypatch, asked):
    for minutes in range(5):
        put(minutes, **CUT_OFF | dict.fromkeys(("parent_call_sid", "child_call_sid")))
    parsed = []
    cut = parser.tokens
    monkeypatch.setattr(parser, "tokens", lambda text: parsed.append(text) or cut(text))
    answer = reader.get("/calls", {"q": asked})
    assert answer.status_code in (200, 422)
    assert parsed == [asked]
