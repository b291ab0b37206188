"""Where words are said, and which characters of it are marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callstore.projection.words.sought import sought
from callstore.search.parser import parse
from callstore.search.snippets import snippet, snippets
from tests.projection.words.test_tokens import LETTERS, found

CALL = {
    "call_id": "1",
    "turns": [{"text": "Um...", "start_s": 9.0}, {"text": "I want to move my booking", "start_s": 4.5}],
    "replies": [
        {"text": "Your booking is confirmed, STRASSE 5", "start_s": 6.0},
        {"text": "ご予約を承ります", "start_s": None},
    ],
    "second_words": [{"text": "ﾐｭｰﾄ ですか", "speaker": "unknown", "start_s": 20.0}],
}


def marked(query, call=CALL):
    """The text with its marks in brackets, and when it was said."""
    part = snippets([call], parse(query)).get("1")
    if part is None:
        return None
    text = part["text"]
    for low, high in reversed(part["marks"]):
        text = f"{text[:low]}[{text[low:high]}]{text[high:]}"
    return part["speaker"], part["at_s"], text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("BOOKING", ("caller", 4.5, "I want to move my [booking]")),
        ("agent_said:booking", ("agent", 6.0, "Your [booking] is confirmed, STRASSE 5")),
        ('caller:"move my" book', ("caller", 4.5, "I want to [move my] [book]ing")),
        ("straße", ("agent", 6.0, "Your booking is confirmed, [STRASSE] 5")),
        ("予約", ("agent", None, "ご[予約]を承ります")),
        ("caller:ミュート", ("unknown", 20.0, "[ﾐｭｰﾄ] ですか")),
        ("um...", ("caller", 9.0, "[Um...]")),
        ("i", ("caller", 4.5, "[I] want to move my booking")),
        ("move*book", ("caller", 4.5, "I want to [move my book]ing")),
        ("nothing OR caller:[zzz,um]", ("caller", 9.0, "[Um]...")),
        ("-booking um", ("caller", 9.0, "[Um]...")),
        ("caller:confirmed", None),
    ],
)
def test_words_are_marked_where_they_are_said_first(query, expected):
    assert marked(query) == expected


def test_a_query_without_words_has_no_snippets():
    assert snippets([CALL], parse("is:truncated sid:CA12*")) is None
    assert snippets([CALL], parse("-booking")) is None


def test_of_a_long_turn_what_is_around_the_words_is_shown():
    call = {"call_id": "1", "turns": [{"text": "so " * 100 + "zirconium" + " so" * 100, "start_s": 0.0}]}
    _, _, text = marked("zirconium", call)
    assert text.startswith("… so") and text.endswith("so …") and "[zirconium]" in text and len(text) < 150


@given(st.text(st.sampled_from(LETTERS.replace("\n", "")), max_size=25), st.data())
def test_what_is_found_is_marked(text, data):
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    word = sought([part], ("caller",))
    place = snippet({"call_id": "1", "turns": [{"text": text, "start_s": 1.0}]}, [word])
    if part.strip() and found(text, part):
        assert place and place["marks"]
        for low, high in place["marks"]:
            assert 0 <= low < high <= len(place["text"])
