"""Queries edited by a click on a value: each edit says what was clicked, and nothing else is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstore.search.facets.catalogue import FACETS, GAPS
from callstore.search.facets.edit import Edited, value_text
from callstore.search.facets.terms import top
from callstore.search.parser import parse
from callstore.search.tree import Filter, Literal

ODD = [
    'say "hi"',
    "a b",
    "a*b",
    "1..2",
    "back\\slash",
    "(x)",
    "-x",
    "A OR",
    "日本",
    "<script>",
    "",
    ">=5",
    "[a,b]",
]


@pytest.mark.parametrize(
    ("q", "key", "value", "wanted"),
    [
        ("", "verdict", "ai_mute", "verdict:ai_mute"),
        ("is:live", "verdict", "ai_mute", "is:live verdict:ai_mute"),
        ("verdict:ai_deaf is:live", "verdict", "ai_mute", "is:live verdict:ai_mute"),
        ("VERDICT:ai_deaf", "verdict", "ai_mute", "verdict:ai_mute"),
        ("-verdict:ai_mute", "verdict", "ai_mute", "verdict:ai_mute"),
        ("verdict:[ai_mute,ai_deaf] x", "verdict", "ai_mute", "x verdict:ai_mute"),
        ("verdict:ai_deaf OR verdict:live", "verdict", "ai_mute", "verdict:ai_mute"),
        ("is:live OR verdict:ai_mute", "verdict", "ai_mute", "(is:live OR verdict:ai_mute) verdict:ai_mute"),
        ("-(is:live verdict:live)", "verdict", "ai_mute", "-(is:live verdict:live) verdict:ai_mute"),
        ('"verdict:live" word', "verdict", "ai_mute", '"verdict:live" word verdict:ai_mute'),
        ("gap:>5s", "gap", "2s..4999ms", "gap:2s..4999ms"),
        ("sip:4xx", "sip", "486", "sip:486"),
        ("agent:a", "agent", "Booking Desk", 'agent:"Booking Desk"'),
    ],
)
def test_only_leaves_the_value_as_all_that_is_asked_of_its_key(q, key, value, wanted):
    assert Edited.read(q).only(key, value) == wanted


@pytest.mark.parametrize(
    ("q", "value", "wanted"),
    [
        ("", "ai_mute", "-verdict:ai_mute"),
        ("verdict:ai_mute", "ai_mute", "-verdict:ai_mute"),
        ("verdict:[ai_mute,ai_deaf]", "ai_mute", "verdict:ai_deaf -verdict:ai_mute"),
        ("-verdict:live", "ai_mute", "-verdict:live -verdict:ai_mute"),
        ("-verdict:ai_mute", "ai_mute", "-verdict:ai_mute"),
        ("NOT verdict:ai-MUTE", "ai_mute", "-verdict:ai_mute"),
        ("a OR b", "ai_mute", "(a OR b) -verdict:ai_mute"),
        ("verdict:ai_*", "ai_mute", "verdict:ai_* -verdict:ai_mute"),
    ],
)
def test_without_leaves_the_value_out_and_keeps_what_else_is_asked(q, value, wanted):
    assert Edited.read(q).without("verdict", value) == wanted


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("verdict:ai_mute", ""),
        ("a -verdict:ai_mute verdict:ai_* b", "a b"),
        ("a OR b", "a OR b"),
        ("(a OR verdict:live) verdict:ai_mute", "a OR verdict:live"),
        ("(a OR b) (c OR d) verdict:live", "(a OR b) (c OR d)"),
    ],
)
def test_clear_takes_away_the_keys_own_terms_alone(q, wanted):
    assert Edited.read(q).cleared("verdict") == wanted


def test_a_choice_and_an_exclusion_are_taken_back():
    assert Edited.read("verdict:[ai_mute,ai_deaf] -verdict:live x").unsaid("verdict", "ai_mute") == (
        "verdict:ai_deaf -verdict:live x"
    )
    assert Edited.read("verdict:ai_deaf -verdict:live x").unsaid("verdict", "live") == "verdict:ai_deaf x"


def test_a_value_knows_whether_it_is_chosen_or_left_out():
    query = Edited.read("verdict:[ai-mute,live] -verdict:ai_deaf gap:2s..4999ms verdict:ai_* sip:200")
    assert query.chosen("verdict", "ai_mute") and not query.left_out("verdict", "ai_mute")
    assert query.left_out("verdict", "ai_deaf") and not query.chosen("verdict", "ai_deaf")
    assert query.chosen("gap", "2s..4999ms") and query.chosen("sip", "200")
    assert not query.chosen("verdict", "ai_silent_first")
    assert query.asks("gap") and not query.asks("agent")
    assert query.named("verdict") == ["ai-mute", "live", "ai_deaf"]


@pytest.mark.parametrize("value", ODD)
def test_whatever_a_value_is_made_of_it_is_one_literal_of_one_term(value):
    assert parse(value_text("agent", value)) == Filter("agent", Literal(value, quoted=True))
    for q in ("", "a OR b", "agent:x", 'agent:"x y" z'):
        terms = top(parse(Edited.read(q).only("agent", value)))
        assert terms[-1] == Filter("agent", Literal(value, quoted=True))


TERMS = st.sampled_from(
    ["is:live", "-verdict:live", "verdict:[ai_mute,live]", '"a \\"b"', "-(x OR verdict:live)", "(a OR b)"]
)  # fmt: skip


@given(st.lists(TERMS, max_size=5), st.sampled_from([" ", " OR ", " AND "]))
def test_every_edit_of_a_query_is_a_query_and_is_undone_by_clear(terms, between):
    query = Edited.read(between.join(terms))
    rest = query.cleared("verdict")
    for text in (query.only("verdict", "ai_deaf"), query.without("verdict", "ai_deaf")):
        edited = Edited.read(text)
        assert edited.asks("verdict")
        assert edited.cleared("verdict") == rest
    assert Edited.read(query.only("verdict", "ai_deaf")).chosen("verdict", "ai_deaf")
    assert Edited.read(query.without("verdict", "ai_deaf")).left_out("verdict", "ai_deaf")


def test_the_values_of_gaps_are_read_back_as_they_are_written():
    assert [value_text("gap", value) for value in GAPS] == [f"gap:{value}" for value in GAPS]
    assert "gap" in FACETS
