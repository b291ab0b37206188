"""Every word that a call is told in can be searched for and is worded on the pages."""

from datetime import UTC, datetime

import pytest

from callstore.domain.facts.vocabulary import (
    ACTORS,
    CALL_FLAGS,
    CAUSES,
    CONFIDENCES,
    FLAGS,
    GAP_KINDS,
    LEADS_TO,
    LOSS_KINDS,
    SOURCE_NAMES,
    SOURCE_STATES,
    STANCES,
    TURN_STATES,
    VERDICTS,
)
from callstore.findings.rule import rules
from callstore.report import wording
from callstore.report.document import stable_fields
from callstore.report.sources import table as sources
from callstore.search.compile import where
from callstore.search.keys import KEYS
from callstore.verdict.verdict import ORDER
from dashboard.call.lanes import reasons, words
from dashboard.call.stances import SAYS
from dashboard.calls import rows
from dashboard.templatetags import look
from tests.places import ROOT

NOW = datetime(2026, 4, 13, tzinfo=UTC)
SPRITE = (ROOT / "dashboard" / "static" / "dashboard" / "icons.svg").read_text()
# Two flags have no chip of their own on the list: the verdict says `live`, and every reason for `suspicious`
# is shown as itself.
WITHOUT_A_CHIP = {"live", "suspicious"}


def drawn(icon: str) -> bool:
    return f'id="{icon}"' in SPRITE


@pytest.mark.parametrize("cause", [cause for cause, _ in ORDER])
def test_a_deciding_finding_is_a_rule_that_is_searchable_and_has_a_headline(cause):
    assert cause in rules()
    assert where(f"cause:{cause}", NOW).params == [cause]
    assert wording.headline({"cause": cause, "verdict": LEADS_TO[cause]}) == wording.BY_CAUSE[cause]


def test_every_cause_decides_somewhere_and_every_other_finding_has_a_title():
    assert sorted(cause for cause, _ in ORDER) == sorted(CAUSES)
    assert set(wording.BY_CAUSE) == set(CAUSES) >= set(wording.CUT_OFF)
    assert set(wording.OTHER_FINDINGS) == set(rules()) - set(CAUSES)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_searchable_has_a_look_and_a_headline(verdict):
    assert where(f"verdict:{verdict}", NOW).params == [verdict]
    assert look.VERDICTS[verdict].word and drawn(look.VERDICTS[verdict].icon)
    assert verdict in wording.BY_VERDICT or verdict in LEADS_TO.values()


@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_a_confidence_is_searchable_and_shown(confidence):
    assert where(f"confidence:{confidence}", NOW).params == [confidence]
    assert f"{confidence} confidence" in look.dots(confidence)


def test_confidence_is_compared_from_the_lowest():
    assert where("confidence:>=medium", NOW).params == [["medium", "high"]]


@pytest.mark.parametrize("actor", ACTORS)
def test_who_ended_first_is_searchable_and_worded_on_both_pages(actor):
    assert where(f"ended_by:{actor}", NOW).params == [actor]
    assert wording.ENDED_FIRST[actor] and rows.ENDED_BY[actor]


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_is_searchable(flag):
    assert where(f"is:{flag}", NOW).params == [[flag]]


def test_every_flag_of_a_call_is_worded_on_the_list():
    assert set(rows.FLAGS) | WITHOUT_A_CHIP == set(CALL_FLAGS)
    assert all(text and drawn(icon) for text, icon, _ in rows.FLAGS.values())


@pytest.mark.parametrize("kind", GAP_KINDS)
def test_a_kind_of_gap_is_searchable_and_worded(kind):
    assert where(f"gap_kind:{kind}", NOW).params == [kind]
    assert wording.GAPS[kind]


def test_speech_that_was_lost_is_worded_on_the_lane_and_the_list():
    assert set(words.HEARD) == set(LOSS_KINDS)
    assert set(rows.GAPS) == {*LOSS_KINDS, "pending"}
    assert all(about and drawn(icon) for icon, about in rows.GAPS.values())


@pytest.mark.parametrize("state", SOURCE_STATES)
def test_a_state_of_the_recording_is_searchable_and_worded(state):
    assert where(f"recording:{state}", NOW).params == [state]
    assert reasons.RECORDING[state] and rows.NO_GAP[state]
    # What is there, or was never to come, is no news on the list.
    assert (state in rows.NO_RECORDING) != (state in ("present", "never_expected"))


@pytest.mark.parametrize("told", [reasons.TRANSCRIPT, reasons.AI_EVENTS, reasons.TWILIO])
def test_an_empty_lane_has_a_reason_for_every_state_of_its_source(told):
    assert set(told) == set(SOURCE_STATES) and all(told.values())


def test_every_source_is_asked_once():
    assert tuple(sources.SOURCES) == SOURCE_NAMES


@pytest.mark.parametrize("stance", STANCES)
def test_a_stance_has_a_word_and_an_icon(stance):
    assert SAYS[stance].word and drawn(SAYS[stance].icon)


def test_every_state_of_a_turn_without_a_transcript_is_worded():
    assert set(words.STATES) | {"transcribed"} == set(TURN_STATES)


@pytest.mark.parametrize("name", KEYS)
def test_a_key_asks_stable_fields_for_words_that_they_have(name):
    key = KEYS[name]
    fields = [stable_fields()[field] for field in key.fields]
    if name not in ("source", "lang", "tool"):  # told in the document's parts, and in columns of their own
        assert key.columns == tuple(field.column for field in fields)
    for field in fields:
        # `open` stands for some of the states
        assert set(field.words) == set(key.values) - {"open"} or not field.words
