import time

import pytest

from callstore.report.disguise.spoken import without_numbers


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("My card is four one one one, 1111 1111 1111.", "My card is 0 0 0 0, 0000 0000 0000."),
        (
            "It's plus one two zero two, five five five, oh nine one seven.",
            "It's plus 0 0 0 0, 0 0 0, 0 0 0 0.",
        ),
        ("double four seven nine - twenty-three", "0 0 0 0 - 0-0"),
        ("Meine Nummer: null eins sieben eins, dreiundzwanzig fünfundvierzig", "Meine Nummer: 0 0 0 0, 0 0"),
        ("Karte Vier Zwo Zwo Zwo", "Karte 0 0 0 0"),
        ("番号は〇九〇の一二三四の五六七八です", "番号は000の0000の0000です"),
        ("ゼロ、きゅう、ゼロ、いち、に、さん、よん です", "0、0、0、0、0、0、0 です"),
        ("０９０－１２３４－５６７８", "０００－００００－００００".translate({ord("０"): "0"})),
        ("nul ٠٩٠١", "nul 0000"),
    ],
)
def test_no_number_that_was_spelt_out_is_left(said, left):
    assert without_numbers(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "One or two of the three.", "Someone at nine, then we will see.", "Ein oder zwei, einverstanden?",
        "一緒に行きましょう", "二人で三つください", "Eight people and a dozen tens", "にしごおり",
    ],
)  # fmt: skip
def test_talk_stays_as_it_is(said):
    assert without_numbers(said) == said


def test_a_text_without_an_end_is_soon_read():
    began = time.process_time()
    for text in ("one " * 50_000, "のの" * 50_000, "einundz" * 20_000, ", " * 100_000, "二人" * 50_000):
        without_numbers(text)
    assert time.process_time() - began < 3
