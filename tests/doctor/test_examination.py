"""The doctor over whole recorded calls, without a server: of the founding one, and of a clean one."""

import pytest

from callstore.doctor.examination import ExaminedCall, Sample, Setup, diagnoses
from callstore.domain.call.fold import fold
from callstore.findings.rule import case
from callstore.rehearsal.evaluation.evaluate import records
from callstore.rehearsal.scenarios.scenario import Scenario, load
from tests.doctor.clean import clean

LONG_AFTER_S = 86_400.0


def diagnosed(scenario: Scenario, after_s: float = LONG_AFTER_S) -> dict:
    facts = records(scenario)
    now = max(fact.received_at for fact in facts if fact.source != "audio") + after_s
    call = ExaminedCall("the-call", case(fold(facts)), facts)
    found = diagnoses(Sample([call], Setup(now=now, public_base_url="https://calls.example.com")))
    return {diagnosis.key: diagnosis for diagnosis in found}


def test_of_the_founding_call_it_names_both_faults_and_the_witness_of_the_end_that_is_missing():
    found = diagnosed(load("founding_call"))
    faults = {key for key, diagnosis in found.items() if diagnosis.severity == "fault"}
    assert faults == {"sip_header_prefix", "dial_action_hangs_up"}
    assert list(found)[:2] == sorted(faults)  # faults first
    assert "session_end_unseen" in found
    facts = {fact.position: fact.event.TYPE for fact in records(load("founding_call"))}
    proofs = {key: [facts[e.position] for e in found[key].symptom.events] for key in found}
    assert proofs["sip_header_prefix"] == ["flow.answered", "provider.warned"]
    assert proofs["dial_action_hangs_up"][1:3] == ["dial.finished", "flow.answered"]
    assert proofs["session_end_unseen"] == ["playback.changed", "leg.status"]


def test_of_a_clean_call_it_says_nothing_however_old_it_is():
    for after_s in (0.0, 60.0, 600.0, 3600.0, LONG_AFTER_S):
        assert diagnosed(clean(), after_s) == {}


def test_a_call_that_ended_well_has_no_fault_where_only_witnesses_are_missing():
    found = diagnosed(load("natural_end"))
    assert {diagnosis.severity for diagnosis in found.values()} == {"missing"}


@pytest.mark.parametrize("name", ["webhook_secret_wrong_400"])
def test_a_reported_call_is_diagnosed(name):
    assert "webhook_secret_refused" in diagnosed(load(f"tests/reported/{name}"))


def test_nothing_is_said_of_nothing():
    assert list(diagnoses(Sample([], Setup(now=0.0)))) == []
