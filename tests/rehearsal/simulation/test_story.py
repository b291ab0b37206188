"""Told calls: realistic, repeatable, and judged as they were meant."""

import re
from collections import Counter
from random import Random

import pytest

from callstore.rehearsal.evaluation.evaluate import matches, recorded
from callstore.rehearsal.simulation import stage
from callstore.rehearsal.simulation.endings import ENDINGS
from callstore.rehearsal.simulation.story import LONGEST_STORY_S, story
from callstore.report.report import report
from ingest.providers.provider import Refused, discovered, normalise

AT = 1_780_000_000.0
# North America's 555-01xx; Ofcom's, Arcep's and the Bundesnetzagentur's numbers for drama; and Japanese
# exchanges that begin with 0, which none does.
FICTION = re.compile(
    r"\+1\d{3}55501\d\d|\+447700900\d{3}|\+442079460\d{3}|\+3319900\d{4}|\+3363998\d{4}"
    r"|\+493023125\d{3}|\+496990009\d{3}|\+81[36]0000\d{4}"
)


def told(number, **more):
    return story(Random(f"the tests:{number}"), AT + 60 * number, **more)


def facts(call):
    return [draft for delivery in call.deliveries for draft in normalise(delivery)]


def document(call):
    return report([recorded(draft, position) for position, draft in enumerate(facts(call), 1)])


def test_300_told_calls_are_judged_as_they_were_meant_and_never_wrong_without_a_doubt():
    calls = [told(number) for number in range(300)]
    documents = [document(call) for call in calls]
    wrong = [
        (number, call.meant["verdict"], got["verdict"], got["cause"], got["verdict_confidence"])
        for number, (call, got) in enumerate(zip(calls, documents, strict=True))
        if not matches(call.meant["verdict"], got["verdict"])
    ]
    assert len(wrong) <= 9, wrong
    assert [case for case in wrong if case[-1] != "low"] == []
    for label in ("flags", "truncation_basis", "from", "to", "parent_call_sid"):
        unlike = [
            (number, label, call.meant[label], got[label])
            for number, (call, got) in enumerate(zip(calls, documents, strict=True))
            if got["verdict"] == call.meant["verdict"] and not matches(call.meant[label], got[label])
        ]
        assert unlike == []
    assert Counter(call.meant["verdict"] for call in calls).most_common(1)[0][0] == "natural_end"


@pytest.mark.parametrize("name", ENDINGS)
def test_every_ending_is_found_with_its_cause(name, monkeypatch):
    monkeypatch.setattr(stage, "LOST", 0.0)
    monkeypatch.setattr("callstore.rehearsal.simulation.story.ENDINGS", {name: ENDINGS[name]})
    for number in range(5):
        call = told(number)
        got = document(call)
        assert {n: got[n] for n, wanted in call.meant.items() if not matches(wanted, got[n])} == {}


def test_the_same_source_tells_the_same_call_and_another_source_another():
    assert told(1) == told(1)
    ids = [{draft.subject for draft in facts(told(number))} for number in (1, 2)]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("cut", [True, False])
def test_a_call_is_cut_off_as_ordered(cut):
    for number in range(20):
        assert told(number, truncated=cut).meant["flags"] == {"has" if cut else "lacks": ["truncated"]}


def test_everything_told_is_understood():
    kinds = Counter(draft.event.TYPE for number in range(60) for draft in facts(told(number)))
    assert "unrecognised" not in kinds
    assert {"leg.summarised", "provider.warned", "session.offered", "turn.transcribed"} <= kinds.keys()


def test_a_call_is_one_component_whose_facts_come_in_order_of_arrival():
    for number in range(20):
        call = told(number)
        arrivals = [delivery.received_at for delivery in call.deliveries]
        assert arrivals == sorted(arrivals) and arrivals[0] >= AT
        assert document(call)["parent_duration_s"] in (None, *range(int(LONGEST_STORY_S)))


def test_nobodys_number_is_used():
    used = {draft.event.caller for number in range(80) for draft in facts(told(number)) if _calls(draft)}
    assert len(used) > 40
    assert [number for number in used if not FICTION.fullmatch(number)] == []


def _calls(draft):
    return draft.event.TYPE == "leg.status"


def test_copies_and_repeats_are_the_facts_they_repeat():
    repeated = Counter()
    for number in range(40):
        found = facts(told(number))
        content = {}
        for draft in found:
            content.setdefault((draft.subject, draft.key, draft.fingerprint), set()).add(repr(draft.event))
        assert [key for key, events in content.items() if len(events) > 1] == []
        repeated["more" if len(found) > len(content) else "none"] += 1
    assert repeated["more"] > 10


def test_what_is_told_can_be_signed_and_is_then_believed(settings):
    settings.PUBLIC_BASE_URL = "https://calls.example.com"
    believed = Counter()
    for delivery in told(3).deliveries:
        provider = discovered()[delivery.door]
        configured = provider.setting.read(provider.setting.demo)
        secret = provider.secret(delivery, configured)
        with pytest.raises(Refused):
            provider.verify(delivery)
        provider.verify(provider.sign(delivery, secret=secret, base_url=settings.PUBLIC_BASE_URL))
        believed[delivery.door] += 1
    assert believed.keys() == discovered().keys()


@pytest.mark.parametrize(
    ("after_noon_s", "agents"),
    [
        (-1000, {("site-office", "2026.11.3"), ("reception", "17")}),
        (1000, {("site-office", "2026.11.4"), ("reception", "18")}),
    ],
)
def test_a_call_says_which_agent_answered_and_from_noon_on_another_version_does(after_noon_s, agents):
    noon = AT - AT % 86_400 + 43_200
    calls = (story(Random(f"the tests:{number}"), noon + after_noon_s) for number in range(12))
    offered = [got for got in map(document, calls) if got["ai_call_id"]]
    assert {(got["agent_name"], got["agent_version"]) for got in offered} == agents
