"""The threat model names tests, and each of them is there."""

import ast
import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from tests.eventlog.tampering import sql
from tests.places import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
# `tests/a/test_b.py::test_c…`; `test_b.py::test_c…` of a file named elsewhere; `…test_c` of the last.
TEST = re.compile(r"`((?:tests/[\w/]*|test_)\w*(?:\.py|/))(?:::(…?test_\w+…?))?`|`…(test_\w+…?)`")


def named() -> list[tuple[str, str]]:
    """(file or folder, beginning of a test's name) of every test on the page; "" for all of a file."""
    found, last = set(), ""
    whole = {Path(match[1]).name: match[1] for match in TEST.finditer(PAGE) if "/" in (match[1] or "")}
    for match in TEST.finditer(PAGE):
        if match[1]:
            last = match[1] if "/" in match[1] else whole.get(match[1], match[1])
        found.add((last, (match[2] or match[3] or "").strip("…")))
    return sorted(found)


@cache
def names(path: str) -> tuple[str, ...]:
    """The names of the tests of a file."""
    parts = ast.walk(ast.parse((ROOT / path).read_text()))
    return tuple(part.name for part in parts if isinstance(part, ast.FunctionDef))


def test_the_page_names_tests_of_every_chapter():
    assert len(named()) > 120


@pytest.mark.parametrize(("path", "test"), named())
def test_every_test_that_the_threat_model_names_is_there(path, test):
    assert (ROOT / path).exists(), path
    if test:
        assert [name for name in names(path) if name.startswith(test)], f"{path} has no {test}…"


# Django's own, which hold nothing of anybody; months are parts of `log.event`.
NOT_OF_ANYBODY = re.compile(r"django_(content_type|migrations)|auth_(group|permission)\w*|log\.event_\w+")
TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'log', 'rebuild')"


@pytest.mark.django_db
def test_of_every_table_it_is_said_how_long_it_keeps_what_is_in_it():
    chapter = PAGE.partition("## What is kept how long\n")[2].partition("\n## ")[0]
    where = [row.split(" | ")[1] for row in chapter.splitlines() if row.startswith("| ")]
    said = re.findall(r"`([\w.*]+)`", " ".join(where))
    there = [name if schema == "public" else f"{schema}.{name}" for schema, name in sql(TABLES)]
    ours = [name for name in there if not NOT_OF_ANYBODY.fullmatch(name)]
    assert [name for name in ours if not any(fnmatchcase(name, each) for each in said)] == []
    assert [each for each in said if each.islower() and not any(fnmatchcase(n, each) for n in ours)] == []
