"""Two recorded calls side by side: aligned at the answer of the AI's leg, nothing invented, nothing lost."""

import pytest

from dashboard.call.lanes.mark import middle
from dashboard.call.timeline import timeline
from dashboard.compare.alignment import alignment
from dashboard.compare.comparison import NUMBERS, SETTINGS, comparison
from dashboard.compare.drawing import ROW, drawn, ticks
from dashboard.compare.drawing import told as told_marks
from tests.dashboard.told import NAMES, told


@pytest.fixture(scope="module")
def founding():
    return {**told("founding_call"), "call_id": "a"}


@pytest.fixture(scope="module")
def other():
    name = next(
        name for name in NAMES if name != "founding_call" and told(name).get("verdict") == "natural_end"
    )
    return {**told(name), "call_id": "b"}


def test_second_0_is_the_answer_of_the_ais_leg(founding):
    [child] = [leg for leg in founding["legs"] if leg["role"] == "child"]
    assert alignment(founding) == (middle(child["answered"]), "ai_leg_answered")


@pytest.mark.parametrize(
    ("document", "basis"),
    [
        ({"legs": [], "streams": [{"started": {"at_s": 3.0, "precision_ms": 1}}]}, "stream_started"),
        ({"legs": [{"role": "parent", "answered": {"at_s": 2.0, "precision_ms": 1}}]}, "parent_answered"),
        ({"legs": [{"role": "child", "answered": None}]}, "call_started"),
        ({}, "call_started"),
    ],
)
def test_a_call_without_that_answer_is_aligned_at_what_comes_nearest_and_says_so(document, basis):
    assert alignment(document).basis == basis


def test_every_mark_of_both_calls_is_there_moved_by_its_alignment_alone(founding, other):
    compared = comparison(founding, other)
    for side, document in (("a", founding), ("b", other)):
        zero, marks = alignment(document).at_s, timeline(document)["marks"]
        there = {mark["id"]: mark for lane in compared["lanes"] for mark in lane[side]}
        assert len(there) == len(marks)
        for mark in marks:
            assert there[mark["id"]]["start_s"] == pytest.approx(mark["start_s"] - zero, abs=0.002)
            assert compared["start_s"] <= there[mark["id"]]["start_s"] <= compared["end_s"]


def test_a_difference_is_a_less_b_and_an_unknown_is_none(founding, other):
    compared = comparison(founding, {**other, "talk_over_s": None})
    numbers = {each["name"]: each for each in compared["numbers"]}
    assert list(numbers) == list(NUMBERS)
    gap = numbers["untranscribed_caller_speech_s"]
    assert gap["difference"] == pytest.approx(gap["a"] - gap["b"]) and gap["unit"] == "s"
    assert numbers["talk_over_s"]["difference"] is None
    assert comparison(other, founding)["a"]["call_id"] == "b"


def test_settings_differ_where_both_are_known_and_unlike(founding):
    a = {**founding, "agent_version": "1", "region": None, "ai_model": "m"}
    b = {**founding, "agent_version": "2", "region": "ie1", "ai_model": "m"}
    settings = {each["name"]: each["differs"] for each in comparison(a, b)["settings"]}
    assert list(settings) == list(SETTINGS)
    assert [name for name, differs in settings.items() if differs] == ["agent_version"]


def test_each_check_stands_beside_the_same_check_of_the_other(founding, other):
    evidence = comparison(founding, other)["evidence"]
    assert len({row["check"] for row in evidence}) == len(evidence)
    for side, document in (("a", founding), ("b", other)):
        assert [row[side] for row in evidence if row[side]] == sorted(
            document["judgement"]["checks"],
            key=lambda check: [r["check"] for r in evidence].index(check["check"]),
        )


@pytest.mark.parametrize("name", NAMES)
def test_any_call_can_be_compared_and_its_bars_lie_on_the_axis(founding, name):
    compared = comparison(founding, {**told(name), "call_id": name})
    for lane in drawn(compared):
        for bar in lane.bars:
            assert 0 <= bar.x <= 100 and bar.x + bar.width <= 100.3
            assert bar.y >= 0 and bar.y + bar.height <= 2 * ROW
    assert 2 <= len(ticks(compared)) <= 11 and "00:00" in [tick.text for tick in ticks(compared)]
    times = [row.mark["start_s"] for row in told_marks(compared)]
    assert times == sorted(times)


def test_a_call_of_which_nothing_is_known_is_compared_without_an_error(founding):
    nothing = {"call_id": "0", "verdict": "live", "flags": []}
    assert comparison(nothing, founding)["a"]["aligned_by"] == "call_started"
    assert drawn(comparison(nothing, nothing)) is not None
    assert ticks(comparison(nothing, nothing))
