"""A word's tokens are in every text in which LIKE finds the word, and rarely in another."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callstore.projection.words import tokens
from callstore.projection.words.sought import sought
from callstore.projection.words.spelling import spelled

LETTERS = "ab cABÄßéñ1_-.'\n,%予約をキャンセルｶﾞ한국어สวัสดีфя٣"
texts = st.text(st.sampled_from(LETTERS), max_size=30)


def found(text, *parts, side="caller"):
    """Whether LIKE would find it, as Python reads the pattern."""
    [pattern] = sought(parts, (side,))
    inner = re.split(r"(?<!\\)%", pattern.like)
    wanted = ".*".join(re.escape(re.sub(r"\\(.)", r"\1", part)) for part in inner)
    return any(re.fullmatch(wanted, line) for line in spelled_lines(text))


def spelled_lines(text):
    return [spelled(line) for line in text.split("\n")]


def indexed(text, side="caller"):
    return tokens.of_text(side, "\n".join(spelled_lines(text)))


@settings(max_examples=1_000)
@given(texts, st.data())
def test_what_is_found_has_all_its_tokens(text, data):
    line = data.draw(st.sampled_from(text.split("\n")))
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    middle = data.draw(st.integers(start, end))
    cut = data.draw(st.integers(middle, end))
    for parts in ([line[start:end]], [line[start:middle], line[cut:end]], ["", line[start:end]]):
        [pattern] = sought(parts, ("caller",))
        if found(text, *parts):
            assert set(pattern.tokens) <= indexed(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("I want to move my booking", ["BOOK"]),
        ("I want to move my booking", ["my booking"]),
        ("I want to move my booking", ["mo", "book"]),
        ("Um...I see", ["i see"]),
        ("予約を承ります", ["予約"]),
        ("予約を承ります", ["承"]),
        ("番号は1234です", ["1234"]),
        ("番号は1234です", ["は1234"]),
        ("ﾖﾔｸをｷｬﾝｾﾙ", ["キャンセル"]),
        ("Straße", ["STRASSE"]),
        ("100%", ["100%"]),
        ("Terminbuchung", ["buchung"]),
        ("Terminbuchung am Montag", ["buchung am mo"]),
        ("Well, OK then", ["ok"]),
        ("book", ["", "ok"]),
    ],
)
def test_it_is_found(text, parts):
    assert found(text, *parts)
    [pattern] = sought(parts, ("caller",))
    assert set(pattern.tokens) <= indexed(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("book", ["ok"]), ("100%", ["10_%"]), ("booking my move", ["move my"]), ("予定", ["予約"])],
)
def test_it_is_not_found(text, parts):
    assert not found(text, *parts)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("he started again at the second occasion, in constant conversation", "station"),
        ("the statistics of an imitation", "station"),
        ("my move is a booking", "move my"),
        ("約束の予定", "予約"),
    ],
)
def test_tokens_alone_tell_that_it_is_absent(text, absent):
    [pattern] = sought([absent], ("caller",))
    assert pattern.tokens and not set(pattern.tokens) <= indexed(text)


def test_one_letter_has_a_token():
    assert [len(sought([letter], ("caller",))[0].tokens) for letter in "qя予1"] == [1, 1, 1, 1]


def test_what_has_no_letter_and_short_words_behind_a_star_have_none():
    assert sought(["..."], ("caller",))[0].tokens == ()
    assert sought(["", "ok"], ("caller",))[0].tokens == ()


def test_sides_share_no_token():
    assert not indexed("予約 booking please", "caller") & indexed("予約 booking please", "agent")


def test_numbers_and_ids_are_looked_for_where_a_word_has_a_digit():
    assert [p.side for p in sought(["0112"], ids=True)] == ["caller", "agent", "ids"]
    assert [p.side for p in sought(["add"], ids=True)] == ["caller", "agent"]
    assert [p.side for p in sought(["12"], ids=True)] == ["caller", "agent"]
    [*_, pattern] = sought(["CA12"], ids=True)
    assert pattern.like == "%ca12%"
    assert set(pattern.tokens) <= tokens.of_text("ids", "ca1200\n+8150")
