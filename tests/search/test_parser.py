"""A query's text and its tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstore.search.errors import QueryError
from callstore.search.keys import KEYS
from callstore.search.lexer import MAX_LENGTH
from callstore.search.parser import MAX_DEPTH, parse
from callstore.search.tree import And, Anything, Compared, Filter, Literal, Not, OneOf, Or, Range, Word, write


def word(text, quoted=False):
    return Word(Literal(text, quoted))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", And(())),
        ("  ", And(())),
        ("help", word("help")),
        ("a b", And((word("a"), word("b")))),
        ("a AND b", And((word("a"), word("b")))),
        ("a and b", And((word("a"), word("and"), word("b")))),
        ("a b OR c", Or((And((word("a"), word("b"))), word("c")))),
        ("a (b OR c)", And((word("a"), Or((word("b"), word("c")))))),
        ("-a !b NOT c", And((Not(word("a")), Not(word("b")), Not(word("c"))))),
        ("NOT a OR b", Or((Not(word("a")), word("b")))),
        ('"a OR b"', word("a OR b", True)),
        (r'"say \"hi\" \\"', word(r"say \"hi\" \\".replace(r"\"", '"').replace(r"\\", "\\"), True)),
        ("12:30", word("12:30")),
        ("状態", word("状態")),
        ("gap:>5s", Filter("gap", Compared(">", Literal("5s")))),
        ("gap:>=5s", Filter("gap", Compared(">=", Literal("5s")))),
        ("gap:1s..2s", Filter("gap", Range(Literal("1s"), Literal("2s")))),
        ("started:-24h..now", Filter("started", Range(Literal("-24h"), Literal("now")))),
        ('x:"a".."b"', Filter("x", Range(Literal("a", True), Literal("b", True)))),
        ("started:2026-04-13T00:18Z", Filter("started", Literal("2026-04-13T00:18Z"))),
        ("status:[busy, failed]", Filter("status", OneOf((Literal("busy"), Literal("failed"))))),
        ("dtmf:*", Filter("dtmf", Anything())),
        ('dtmf:"*"', Filter("dtmf", Literal("*", True))),
        ("-(a b)", Not(And((word("a"), word("b"))))),
        ("(a (b c))", And((word("a"), word("b"), word("c")))),
    ],
)
def test_the_grammar(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "position", "length", "said"),
    [
        ("(a", 0, 1, "not closed"),
        ("a)", 1, 1, "no opening"),
        ("()", 1, 1, "missing before"),
        ("a OR", 4, 0, "too early"),
        ("OR a", 0, 2, "both sides"),
        ("a AND AND b", 6, 3, "both sides"),
        ("a - b", 2, 1, "directly after"),
        ('say "a b', 4, 4, "quotation mark is not closed"),
        ("status: completed", 7, 0, "directly after the colon"),
        ("status:[a b]", 7, 3, "list is not closed"),
        ("status:[]", 8, 0, "A value is missing here."),
        ("a\0b", 1, 1, "cannot be searched for"),
        ("a\ud800b", 1, 1, "cannot be searched for"),
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH, 1, "2000 are allowed"),
        ("-" * (MAX_DEPTH + 1) + "a", MAX_DEPTH, 1, "inside each other"),
        ("(" * 2000, MAX_DEPTH, 1, "inside each other"),
    ],
)
def test_an_error_names_its_place(text, position, length, said):
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.position, caught.value.length) == (position, length)
    assert said in caught.value.message


def test_the_deepest_allowed_query_is_read():
    assert write(parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)) == "a"


# Fragments that make whole queries likely, between which hypothesis may put any text at all.
VALUES = ["5s", "1m30s", "200", "4xx", "-24h", "now", "2026-04-13", "completed", "high", "32113", "CA12"]
SHAPES = ["(", ")", "-", "!", "NOT ", " AND ", " OR ", '"', "\\", "[", "]", ",", "..", "*", ">", "<=", " "]
ODDITIES = ["%", "%s", "_", "'", "\0", "9" * 20, "nokey:"]
PIECES = st.sampled_from([*(f"{key}:" for key in KEYS), *VALUES, *SHAPES, *ODDITIES])
queries = st.lists(PIECES | st.text(max_size=8), max_size=24).map("".join)


@given(queries)
def test_a_written_tree_reads_back_the_same(text):
    try:
        tree = parse(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        assert error.position + error.length <= len(text)
        return
    assert parse(write(tree)) == tree


def test_an_error_is_pointed_at_for_a_terminal():
    with pytest.raises(QueryError) as caught:
        parse('say "a')
    assert caught.value.pointed('say "a') == 'say "a\n    ^^\nThe quotation mark is not closed.'
