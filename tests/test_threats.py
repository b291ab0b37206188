"""The threat model names tests, and each of them is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

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
