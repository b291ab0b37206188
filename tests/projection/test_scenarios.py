"""The recorded calls, their facts appended in drawn orders and projected in between."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from callstore.domain.call.linking import links
from callstore.domain.facts.record import Ref
from callstore.eventlog.crypto.refs import id_of
from callstore.eventlog.writing.append import append
from callstore.projection import projector, queries
from callstore.projection.rebuild.diff import differences
from callstore.projection.rebuild.scope import Scope
from callstore.rehearsal.evaluation.evaluate import recorded
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import drafts, leg, load
from callstore.report.report import report
from tests.projection.facts import call_ids, traces_of

pytestmark = pytest.mark.django_db

FOLDERS = sorted(
    path.parent for path in (Path(settings.BASE_DIR) / "tests/scenarios").glob("*/scenario.json")
)
COMPARED = (
    "verdict",
    "cause",
    "flags",
    "parent_call_sid",
    "child_call_sid",
    "ai_call_id",
    "event_count",
    "links",
)


def projected(given):
    """Append the facts some at a time, projecting their traces after each time. The traces."""
    for start in range(0, len(given), 7):
        some = given[start : start + 7]
        append(some)
        projector.project(traces_of(draft.subject for draft in some))
    return traces_of(draft.subject for draft in given)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_call_is_found_and_judged_alike_in_whatever_order_its_facts_arrive(folder, seed):
    scenario = rebased(load(folder), 0)  # ids of its own: other tests may have left the recorded call behind
    given = drafts(scenario)
    random.Random(seed).shuffle(given)
    traces = projected(given + given[::3])
    assert len(call_ids(traces)) == 1
    assert list(differences(Scope(only=tuple(sorted(traces))), lambda _: None)) == []

    [call_id] = call_ids(traces)
    call = queries.find(str(call_id))
    ids = [leg(scenario), *(call[name] for name in ("parent_call_sid", "child_call_sid", "ai_call_id"))]
    assert all(call == queries.find(id) for id in ids if id)
    expected = folded_in_order(drafts(scenario))
    assert {name: call[name] for name in COMPARED} == {name: expected[name] for name in COMPARED}


def folded_in_order(given):
    """What the core says of the same facts, each once, as they came, without log or database."""
    once = {(draft.source, draft.subject, draft.key, draft.fingerprint): draft for draft in given}
    records = [
        replace(record, refs=tuple(Ref(ref.rule, id_of(ref.id)) for ref in record.refs))
        for record in (recorded(draft, position) for position, draft in enumerate(once.values()))
    ]
    return {**report(records), "links": links(records)}
