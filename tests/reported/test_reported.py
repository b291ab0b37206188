"""Calls told after what operators reported in public: each is judged as it was told."""

from pathlib import Path

import pytest

from callstore.rehearsal.evaluation.evaluate import evaluate

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.parent.name for path in FOLDER.glob("*/scenario.json")))
def test_a_reported_call_is_judged_as_it_was_told(name):
    assert evaluate(FOLDER / name).wrong == {}
