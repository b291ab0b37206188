import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callstore.eventlog.heads import versions
from callstore.projection import projector, queries
from callstore.projection.changes import journal
from callstore.report.document import Document
from tests.projection import facts
from tests.projection.facts import call_ids, keep, offered, rtc, said, sid, sql, status
from tests.report.unlike import unlike

pytestmark = pytest.mark.django_db


def test_facts_become_a_call_that_any_of_its_ids_finds():
    parent, child, session = sid(), sid(), rtc()
    traces = keep(
        status(parent, "in-progress", caller="+15550100"),
        status(child, "in-progress", parent=parent, at=1),
        offered(session, child, at=2),
        said(session, "Hello there", at=3),
    )
    projector.project(traces)
    call = queries.find(parent)
    assert call["parent_call_sid"] == parent and call["child_call_sid"] == child
    assert call["ai_call_id"] == session and call["from"] == "+15550100"
    for id_ in (child, session, call["call_id"], *map(str, traces)):
        assert queries.find(id_) == call
    assert list(unlike(call, Document)) == []


def test_nothing_is_left_dirty_after_a_projection():
    traces = keep(status(sid(), "completed"))
    projector.project(traces)
    assert all(head.version == head.done for head in versions.read(traces).values())


def test_a_batch_of_calls_costs_no_more_statements_than_one(monkeypatch):
    monkeypatch.setattr(journal, "ANNOUNCED_EVERY_S", 0.0)  # each save announces, however soon

    def statements(calls):
        traces = keep(*(status(sid(), "completed") for _ in range(calls)))
        with CaptureQueriesContext(connection) as captured:
            projector.project(traces)
        assert len(call_ids(traces)) == calls
        return len(captured)

    assert statements(20) == statements(1)


def test_an_event_that_comes_while_its_call_is_folded_leaves_the_call_dirty(monkeypatch):
    leg = sid()
    traces = keep(status(leg, "ringing"))
    fold = projector.fold

    def fold_while_more_arrives(call, records):
        monkeypatch.setattr(projector, "fold", fold)
        keep(status(leg, "completed", at=3))
        return fold(call, records)

    monkeypatch.setattr(projector, "fold", fold_while_more_arrives)
    projector.project(traces)
    assert queries.find(leg)["event_count"] == 1
    assert [head.version - head.done for head in versions.read(traces).values()] == [1]
    projector.project(traces)
    assert queries.find(leg)["event_count"] == 2


def test_a_link_learnt_late_makes_two_calls_one():
    parent, child = sid(), sid()
    first, second = keep(status(parent, "in-progress")), keep(status(child, "in-progress"))
    projector.project(first | second)
    assert len(call_ids(first | second)) == 2
    keep(status(child, "completed", parent=parent, at=5))
    projector.project(second)
    assert call_ids(first | second) == [min(first | second)]
    call = queries.find(child)
    assert call == queries.find(parent)
    assert {"rule": "ParentCallSid", "from": f"twilio:{child}", "to": f"twilio:{parent}"} in call["links"]


def test_a_call_that_cannot_be_folded_fails_alone_and_is_parked_after_five_times(monkeypatch):
    good, bad = sid(), sid()
    good_traces, bad_traces = (
        keep(status(good, "completed")),
        keep(status(bad, "completed", caller="+15550199")),
    )
    report = projector.report

    def failing(records, tools):
        if any(bad in record.subject for record in records):
            raise ValueError("+15550199 is no number")
        return report(records)

    monkeypatch.setattr(projector, "report", failing)
    projector.project(good_traces | bad_traces)
    assert queries.find(good) and not queries.find(bad)
    for _ in range(4):
        projector.project(bad_traces)
    [(attempts, lease, error)] = sql(
        "SELECT attempts, lease::text, error FROM log.head WHERE trace_id = ANY(%s)", list(bad_traces)
    )
    assert (attempts, lease) == (5, "infinity")
    assert "ValueError in failing" in error and "+15550199" not in error
    monkeypatch.undo()
    projector.project(bad_traces, replay=True)
    assert queries.find(bad)
    assert sql(
        "SELECT attempts, lease < 'infinity', error FROM log.head WHERE trace_id = ANY(%s)", list(bad_traces)
    ) == [(0, True, None)]


def test_an_older_fold_does_not_replace_a_newer_one(monkeypatch):
    leg = sid()
    traces = keep(status(leg, "ringing"))
    fold = projector.fold

    def fold_while_another_worker_is_faster(call, records):
        old = fold(call, records)
        monkeypatch.setattr(projector, "fold", fold)
        keep(status(leg, "completed", at=3))
        projector.project(traces)
        return old

    monkeypatch.setattr(projector, "fold", fold_while_another_worker_is_faster)
    projector.project(traces)
    assert queries.find(leg)["parent_status"] == "completed"


def test_what_postgres_cannot_hold_does_not_stop_a_call():
    session = rtc()
    traces = keep(said(session, "before\0after"))
    projector.project(traces)
    assert "before�after" in queries.find(session)["last_caller_transcript"]


def test_a_subject_that_is_no_call_is_never_projected():
    from callstore.domain.facts.events import IncidentPublished

    traces = keep(facts.fact(f"incident:{sid('')}", IncidentPublished(provider="openai", external_id="1")))
    projector.project(traces)
    assert versions.read(traces) == {} and call_ids(traces) == []
