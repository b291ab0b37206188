"""The evidence by weight, with its sum."""

from dashboard.call.stances import check_rows, summed
from tests.dashboard.told import told


def test_evidence_is_told_by_weight_and_summed_up():
    rows = check_rows(told("founding_call"))
    said = [row["says"] for row in rows]
    assert said == ["supports"] * 5 + ["missing"] * 2 + ["not_applicable"] * 4
    assert summed(rows) == "5 support, 2 missing, 0 contradict"


def test_what_decides_nothing_is_said_to_have_no_bearing():
    assert {row["word"] for row in check_rows(told("founding_call")) if row["says"] == "not_applicable"} == {
        "no bearing"
    }
