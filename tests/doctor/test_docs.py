"""The page of the doctor and the folder of its examinations tell the same, a test a row."""

import ast
import re

import pytest

from callstore.findings.rule import modules_in
from tests.places import ROOT

PAGE = (ROOT / "docs" / "doctor.md").read_text()
ROWS = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+?) \| (.+?) \| .*\|$", PAGE, re.M)
EXAMINATIONS = modules_in("callstore.doctor.examinations")
CLAIMS = ("test_fires", "test_stays_silent")


def test_every_examination_has_its_row_and_every_row_its_examination():
    assert sorted(key for key, *_ in ROWS) == sorted(EXAMINATIONS)


@pytest.mark.parametrize(("key", "severity", "title", "source"), ROWS)
def test_a_row_has_the_severity_and_the_title_that_are_told(key, severity, title, source):
    assert (severity, title) == (EXAMINATIONS[key].SEVERITY, EXAMINATIONS[key].TITLE)
    assert source and EXAMINATIONS[key].__doc__


@pytest.mark.parametrize("key", EXAMINATIONS)
def test_every_examination_has_a_call_for_which_it_fires_and_one_for_which_it_does_not(key):
    tests = ast.parse((ROOT / "tests" / "doctor" / "examinations" / f"test_{key}.py").read_text()).body
    named = [test.name for test in tests if isinstance(test, ast.FunctionDef)]
    assert [any(name.startswith(claim) for name in named) for claim in CLAIMS] == [True] * 2
