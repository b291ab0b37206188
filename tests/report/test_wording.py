"""The verdict in plain words: every cause has its sentence, and nothing is claimed that is not known."""

import pytest

from callstore.findings.cross_call.find import cross_call_rules
from callstore.report import wording
from callstore.report.panel.facts import facts
from callstore.verdict.verdict import ORDER
from tests.dashboard.told import NAMES, told

UNJUDGED = wording.headline({})


@pytest.mark.parametrize("cause", [row[0] for row in ORDER])
def test_every_cause_that_decides_has_a_headline(cause):
    assert wording.headline({"cause": cause}) != UNJUDGED


@pytest.mark.parametrize("verdict", ["live", "never_connected", "inconclusive"])
def test_a_verdict_without_a_cause_has_a_headline(verdict):
    assert wording.headline({"verdict": verdict, "cause": None}) != UNJUDGED


def test_a_leg_that_never_connected_says_how_it_ended_or_that_we_rejected_it():
    document = {"verdict": "never_connected", "child_status": "no-answer", "sip_response_code": 480}
    assert wording.headline(document) == "The AI leg never connected: no answer · SIP 480"
    assert wording.headline({**document, "ended_first_by": "app"}) == "Our application rejected the call"


def test_only_a_truncated_call_says_that_the_caller_was_still_speaking():
    document = {"cause": "silent_session_loss", "flags": ["truncated"]}
    assert "still speaking" in wording.headline(document)
    assert "still speaking" not in wording.headline({**document, "flags": []})


@pytest.mark.parametrize("name", NAMES)
def test_no_headline_blames_openai(name):
    document = told(name)
    said = [wording.headline(document), *(f"{fact.value} {fact.note}" for fact in facts(document))]
    assert not [words for words in said if "OpenAI" in words]


def test_the_numbers_of_the_founding_call():
    lost, silence, leg, first = facts(told("founding_call"))
    assert (lost.value, lost.note, lost.loud) == ("11.1 s", "not heard by the AI", True)
    assert lost.end_s - lost.start_s == pytest.approx(11.1, abs=0.1)
    assert silence.value == "12.6 s"
    assert leg.value == "Completed · SIP 200"
    assert first.value == "Not known"


def test_without_a_recording_the_lost_speech_is_not_known_rather_than_none():
    lost = facts(told("no_recording"))[0]
    assert (lost.value, lost.start_s) == ("Not known", None)


def test_what_decided_is_not_told_again_beside_the_verdict():
    slugs = [finding.slug for finding in wording.other_findings(told("founding_call"))]
    assert sorted(slugs) == ["header_dropped", "parent_followed_child"]


def test_our_flow_amplified_only_what_went_wrong():
    titles = [finding.title for finding in wording.other_findings(told("founding_call"))]
    assert "Amplifier, not the cause" in titles
    titles = [finding.title for finding in wording.other_findings(told("natural_end"))]
    assert "Amplifier, not the cause" not in titles


def test_a_finding_across_calls_is_told_beside_the_one_of_its_name_that_decided():
    lost = {"slug": "region_mismatch", "says": "This call."}
    more = {"slug": "region_mismatch", "says": "Those of the hour.", "calls": ["a", "b"]}
    [other] = wording.other_findings({"cause": "region_mismatch", "findings": [lost, more]})
    assert (other.says, other.calls) == ("Those of the hour.", ["a", "b"])


def test_every_finding_across_calls_has_a_title_of_its_own():
    assert set(wording.CROSS_CALL) == set(cross_call_rules())


def test_an_incident_is_told_once_and_is_no_cause():
    entry = {"provider": "openai", "title": "Elevated errors"}
    [said] = wording.other_findings({"findings": [], "incidents": [entry]})
    assert "Elevated errors" in said.says and "overlap is not cause" in said.says
    found = {"slug": "provider_incident", "says": "openai reported it", "calls": []}
    assert [s.says for s in wording.other_findings({"findings": [found], "incidents": [entry]})] == [
        found["says"]
    ]


def test_the_place_of_a_number_in_several_gaps_is_called_the_longest_and_each_gap_is_there():
    gaps = [{"start_s": 1.0, "end_s": 3.5}, {"start_s": 9.0, "end_s": 9.5}]
    document = {"untranscribed_caller_speech_s": 3.0, "gap_kind": "not_heard", "gaps": gaps,
                "longest_gap_start_s": 1.0, "longest_gap_end_s": 3.5}  # fmt: skip
    lost = facts(document)[0]
    assert (lost.value, lost.place, lost.start_s, lost.end_s) == ("3.0 s in 2 gaps", "longest", 1.0, 3.5)
    assert [tuple(stretch) for stretch in lost.stretches] == [(1.0, 3.5), (9.0, 9.5)]
    [alone] = facts({**document, "gaps": gaps[:1]})[:1]
    assert (alone.value, alone.place, alone.stretches) == ("3.0 s", "", ())


def test_the_panel_tells_of_no_close_in_its_sentence_and_not_again():
    document = told("founding_call")
    again = [fact.note for fact in facts(document)] + [f.title for f in wording.other_findings(document)]
    assert "no close was seen" in wording.sentence(document)
    assert not [words for words in again if "close" in words.lower()]


@pytest.mark.parametrize("name", NAMES)
def test_the_sentence_does_not_say_the_headline_again(name):
    document = told(name)
    said, headline = (set(text.lower().rstrip(".").split()) for text in (
        wording.sentence(document), wording.headline(document)))  # fmt: skip
    assert len(headline & said) <= 0.75 * len(headline)


def test_of_a_call_that_nothing_explains_the_sentence_says_what_is_missing():
    judgement = {"says": "Nothing that was observed says who ended this call.", "missing": ["a", "b"]}
    document = {"verdict": "inconclusive", "cause": None, "judgement": judgement}
    assert wording.sentence(document) == "Missing: a; b."
    assert wording.sentence({**document, "judgement": {**judgement, "missing": []}}) == judgement["says"]
