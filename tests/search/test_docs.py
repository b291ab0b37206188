"""docs/query-language.md says what the code does."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callstore.projection.words.find import Asked
from callstore.search.compile import where as compiled_where
from callstore.search.errors import QueryError
from callstore.search.keys import KEYS, SOURCES
from callstore.search.who_asks import WHO_ASKS

PAGE = Path("docs/query-language.md").read_text()
NOW = datetime(2026, 4, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def somebody():
    """Somebody asks, who is `me`."""
    WHO_ASKS.set(lambda: "ada")
    yield
    WHO_ASKS.set(lambda: "")


def where(query, now):
    """No index is asked for words here."""
    return compiled_where(query, now, lambda words: Asked("spoken", []))


def keys_table():
    rows = re.findall(r"^\| `(\w+):` \| (.+) \| (.+) \| `(.+)` \|$", PAGE, re.MULTILINE)
    return {name: (takes, about, example) for name, takes, about, example in rows}


def test_every_key_has_its_row_in_order():
    assert list(keys_table()) == list(KEYS)
    for name, (takes, about, example) in keys_table().items():
        key = KEYS[name]
        assert (about, example) == (key.about, key.example)
        assert tuple(re.findall("`([^`]+)`", takes)) == key.values


def test_every_example_of_a_key_uses_it():
    for name, key in KEYS.items():
        assert key.example.startswith(f"{name}:")
        where(key.example, NOW)


def test_every_query_on_the_page_is_one():
    finds = re.findall(r"^\| [^`|]+ \| `(.+)` \|$", PAGE, re.MULTILINE)
    inline = [span for span in re.findall("`([^`\n]+)`", PAGE) if re.match(r"-?\w+:[^ ]", span)]
    assert "is:truncated status:completed sip:200" in finds and len(inline) > 40
    for query in [*finds, *inline]:
        if query != "no:x" and query != "-has:x":
            where(query, NOW)


def test_the_error_on_the_page_is_the_real_one():
    with pytest.raises(QueryError) as caught:
        where("sip:200 statsu:completed", NOW)
    assert f'"message": "{caught.value.message}", "suggestion": "{caught.value.suggestion}"' in PAGE


def test_has_and_no_know_every_source():
    assert KEYS["has"].values == KEYS["no"].values == tuple(SOURCES)
