"""How much one query may ask for."""

from datetime import UTC, datetime

import pytest

from callstore.projection.words.find import Asked
from callstore.search.compile import compiled
from callstore.search.compile import where as compiled_where
from callstore.search.errors import QueryError
from callstore.search.parser import parse
from callstore.search.too_slow import too_slow

NOW = datetime(2026, 4, 13, tzinfo=UTC)
SIDS = [f"CA{n:032x}" for n in range(11)]


def where(query, now):
    """No index is asked for words here."""
    return compiled_where(query, now, lambda words: Asked("spoken", []))


@pytest.mark.parametrize(
    "eleven",
    [
        SIDS,
        [f"rtc_{n:08}" for n in range(11)],
        [f"-sess_{n:08}" for n in range(11)],
        [f"0197a5f0-0000-7000-8000-{n:012}" for n in range(11)],
        [f"(sid:{sid})" for sid in SIDS],
        [*SIDS[:5], *(f"ai_call:live_{n:08}" for n in range(6))],
    ],
)
@pytest.mark.parametrize("between", [" ", " OR "])
def test_the_eleventh_id_is_refused_with_its_place(eleven, between):
    where(between.join(eleven[:10]), NOW)
    query = between.join(eleven)
    with pytest.raises(QueryError, match="At most 10 ids") as caught:
        where(query, NOW)
    at = caught.value.position
    assert query[at : at + caught.value.length] == eleven[10].strip("-()").rpartition(":")[2]


@pytest.mark.parametrize(
    "eleven",
    [
        [f"word{n}" for n in range(11)],
        [f'"two words {n}"' for n in range(11)],
        [f"transcript:z{n}" for n in range(11)],
        [f"-(rtc_{n})" for n in range(11)],
        [*(f"word{n}" for n in range(5)), *(f"transcript:z{n}" for n in range(6))],
    ],
)
def test_the_eleventh_word_is_refused_with_its_place(eleven):
    where(" ".join(eleven[:10]), NOW)
    query = " ".join(eleven)
    with pytest.raises(QueryError, match="At most 10 words") as caught:
        where(query, NOW)
    at = caught.value.position
    assert query[at : at + caught.value.length] == eleven[10].strip("-()").removeprefix("transcript:")


def test_every_word_of_a_list_counts():
    with pytest.raises(QueryError, match="At most 10 words") as caught:
        where(f"transcript:[{','.join('abcdefghijk')}]", NOW)
    assert (caught.value.position, caught.value.length) == (32, 1)


def test_a_tree_that_was_parsed_before_is_held_to_the_same():
    with pytest.raises(QueryError, match="At most 10 ids"):
        compiled(parse(" OR ".join(SIDS)), NOW)


def test_ten_ids_and_ten_words_and_any_number_of_others_are_one_query():
    others = [f"sip:{code}" for code in range(200, 240)]
    where(" OR ".join([*SIDS[:10], *(f"word{n}" for n in range(10)), *others, "transcript:*"]), NOW)


@pytest.mark.parametrize(
    ("query", "narrower"),
    [
        ("booking", "booking started:-24h"),
        ("a OR b", "(a OR b) started:-24h"),
        ("-a status:busy", "-a status:busy started:-24h"),
        ("a Started:-1h", None),
    ],
)
def test_a_query_that_took_too_long_is_wrong_as_a_whole_and_narrowed_by_time(query, narrower):
    error = too_slow(query)
    assert (error.position, error.length, error.suggestion) == (0, len(query), narrower)
    if narrower:
        where(narrower, NOW)
