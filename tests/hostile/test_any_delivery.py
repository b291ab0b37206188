"""Recorded calls, spoilt in every way that a delivery can be: each is read, folded, judged and shown."""

import pytest

from tests.hostile.calls import FOLDERS, facts, spoilt
from tests.hostile.told import told

EACH = 20  # of every recorded call; many thousands were tried, and what they found has tests of its own


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_recorded_call_is_told_whatever_was_done_to_its_deliveries(folder):
    for seed in range(EACH):
        deliveries, done = spoilt(folder, seed)
        try:
            told(facts(deliveries, seed), past=seed % 5 == 0)
        except Exception as error:
            error.add_note(f"{folder.name}, seed {seed}: {done}")
            raise
