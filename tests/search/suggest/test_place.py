"""What is being written at a place of a query, however unfinished the query is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstore.search.suggest.place import spot


@pytest.mark.parametrize(
    ("marked", "key", "typed", "replaced"),
    [
        ("|", None, "", ""),
        ("ver|", None, "ver", "ver"),
        ("is:live |", None, "", ""),
        ("is:live |sip:200", None, "", "sip:"),
        ("-ver|dict", None, "ver", "verdict"),
        ("(a OR ver|", None, "ver", "ver"),
        ("ver|dict:live", None, "ver", "verdict:"),
        ("verdict:|", "verdict", "", ""),
        ("verdict:ai_|mute x", "verdict", "ai_", "ai_mute"),
        ("-verdict:[live,ai_|]", "verdict", "ai_", "ai_"),
        ("verdict:[live|,ai_mute] x", "verdict", "live", "live"),
        ("verdict:[|", "verdict", "", ""),
        ('agent:"Book|', "agent", "Book", '"Book'),
        ('agent:"Book|ing Desk" x', "agent", "Book", '"Booking Desk"'),
        ("agent:a b:c|", "b", "c", "c"),
        ("VERDICT:l|", "verdict", "l", "l"),
    ],
)
def test_a_place_is_in_a_key_or_in_a_value(marked, key, typed, replaced):
    at, text = marked.index("|"), marked.replace("|", "")
    found = spot(text, at)
    assert (found.key, found.typed, text[found.start : found.end]) == (key, typed, replaced)


@pytest.mark.parametrize("marked", ['"a phr|ase', 'x "a phr|ase" y', "gap:>|", "gap:>5|"])
def test_nothing_is_offered_in_a_phrase_or_behind_a_sign(marked):
    assert spot(marked.replace("|", ""), marked.index("|")) is None


@pytest.mark.parametrize(
    ("marked", "rest"),
    [("a -verdict:[live,|x] b", "a  b"), ("a (verdict:|x) b", "a () b"), ("a verdict:|", "a ")],
)
def test_the_term_around_a_value_can_be_cut_out(marked, rest):
    text = marked.replace("|", "")
    found = spot(text, marked.index("|"))
    assert text[: found.term_start] + text[found.term_end :] == rest


@given(st.text(alphabet='ab:-!()[],"\\ <>=.*é ', max_size=30), st.integers(-5, 40))
def test_whatever_is_written_has_a_place_inside_it(text, at):
    if found := spot(text, at):
        assert 0 <= found.start <= found.end <= len(text)
        assert found.term_start <= found.start and found.end <= max(found.term_end, found.end)
