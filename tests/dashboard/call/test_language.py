"""The language of words, told by their script where it is plain."""

import pytest

from dashboard.call.language import common_language, known_language, language


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("お電話ありがとうございます", "ja"),
        ("予約をカンゴへ", "ja"),
        ("안녕하세요", "ko"),
        ("Guten Tag, Müller", None),
        ("Hello", None),
        ("了解", None),
        ("", None),
    ],
)
def test_a_script_of_one_language_tells_it_and_no_other_is_guessed(text, tag):
    assert language(text) == tag


def test_characters_of_several_languages_are_of_the_one_beside_them():
    assert common_language(["Hello", "はい"]) == "ja"
    assert language("了解", "ja") == "ja"
    assert language("了解", "ko") is None


TOLD = {
    ("de-DE",): "de",
    ("de", "de-AT"): "de",
    ("de", "en"): None,
    ("en-GB",): None,
    ("ja",): None,
    ("x y",): None,
}


@pytest.mark.parametrize(("told", "tag"), TOLD.items())
def test_what_was_told_of_a_call_says_its_language_where_it_is_one(told, tag):
    assert known_language(told) == tag
