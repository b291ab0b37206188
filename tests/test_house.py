"""The house: folders that a reader can take in, and files of one idea. The floors are import contracts."""

from collections import Counter
from pathlib import Path

import pytest

from tests.places import ROOT

MOST_MODULES, MOST_LINES = 16, 220
ROOMS = ("callstore", "ingest", "dashboard", "benchmarks")
# One rule, examination or benchmark a file and one step a migration: there are as many as there are. What a
# released step did, its SQL, never changes and is not measured.
COUNTED_APART = {"rules", "examinations", "migrations", "benchmarks"}


def files(*kinds: str) -> list[Path]:
    return [
        path
        for room in ROOMS
        for kind in kinds
        for path in (ROOT / room).rglob(f"*.{kind}")
        if "__pycache__" not in path.parts
    ]


def test_no_folder_holds_more_modules_than_a_reader_can_take_in():
    modules = Counter(path.parent for path in files("py") if path.name != "__init__.py")
    crowded = {
        str(folder.relative_to(ROOT)): count
        for folder, count in modules.items()
        if count > MOST_MODULES and folder.name not in COUNTED_APART
    }
    assert crowded == {}


@pytest.mark.parametrize("kind", ["py", "js", "css", "html"])
def test_no_file_is_longer_than_one_idea(kind):
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files(kind)
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}
