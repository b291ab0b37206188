"""What the chips of the list and of a call's page mean."""

import pytest

from callstore.domain.facts.vocabulary import (
    CAUSES,
    CONFIDENCES,
    FLAGS,
    GAP_KINDS,
    REVIEW_STATES,
    SOURCE_STATES,
    VERDICTS,
)
from callstore.report.flags import LATE_S
from callstore.verdict.truncation import CLOSING_S, LOST_S
from dashboard.calls.rows import NO_RECORDING
from dashboard.legend import flags, signals, verdicts
from dashboard.legend.legend import OF_LIST, of_call
from tests.dashboard.documents import put_call
from tests.dashboard.told import told


def test_every_word_that_a_chip_can_say_is_explained():
    asked = {chip.term for group in OF_LIST for chip in group.chips}
    assert asked >= {f"verdict:{name}" for name in VERDICTS} | {f"is:{name}" for name in FLAGS}
    assert asked >= {f"confidence:{name}" for name in CONFIDENCES}
    assert asked >= {f"review:{name}" for name in REVIEW_STATES}
    assert asked >= {f"recording:{name}" for name in SOURCE_STATES if name in NO_RECORDING}
    assert all(signals.gap(kind).about for kind in GAP_KINDS) and all(map(verdicts.cause, CAUSES))
    assert all(chip.about.endswith(".") for group in OF_LIST for chip in group.chips)


def test_thresholds_are_those_by_which_the_chip_is_given():
    assert f"last {CLOSING_S:g} s" in flags.flag("truncated").about
    assert f"least {LOST_S:g} s" in flags.flag("truncated").about
    assert f"more than {LATE_S:g} s" in flags.flag("late").about


def test_the_founding_call_explains_what_it_shows_in_its_order():
    words = [chip.word for chip in of_call(told("founding_call"))]
    assert words == [
        "AI silent first", "Medium confidence", "Truncated", "Gap: not heard by the AI",
        "Ended first by: not known", "silent_session_loss",
    ]  # fmt: skip


@pytest.mark.django_db
def test_list_and_page_explain_in_a_disclosure_that_needs_no_pointer(reader):
    call = put_call(**told("founding_call"))
    page, listed = (reader.get(url).content.decode() for url in (f"/calls/{call}", "/calls"))
    for text in (page, listed):
        assert "The caller was speaking in the last 2 s" in text
    assert "<summary>What do these mean?</summary>" in page and 'title="Cut off' not in page
    assert '<span class="words">Legend</span></summary>' in listed
