"""A verdict is told once when it is settled, and then each change of it, in the save's transaction."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from callstore.projection import projector, queries
from callstore.projection.changes import settling
from callstore.settlement.events import SETTLED_AFTER
from callstore.settlement.models import Settlement, VerdictEvent
from tests.projection.facts import keep, sid, status

pytestmark = pytest.mark.django_db
TOO_SOON = SETTLED_AFTER - timedelta(seconds=30)


def later():
    return datetime.now(UTC) + SETTLED_AFTER + timedelta(minutes=1)


def told(call: str) -> list[tuple[str, int, str | None]]:
    found = VerdictEvent.objects.filter(call_id=queries.find(call)["call_id"]).order_by("sequence")
    return [(event.type, event.sequence, event.data["verdict"]) for event in found]


def test_a_verdict_is_told_a_while_after_its_last_change_and_once():
    leg = sid()
    projector.project(keep(status(leg, "in-progress")))
    settling.settle(later())
    assert told(leg) == []  # it lives
    projector.project(keep(status(leg, "completed", at=9)))
    settling.settle(datetime.now(UTC) + TOO_SOON)
    assert told(leg) == []
    verdict = queries.find(leg)["verdict"]
    assert verdict != "live"
    for _ in range(2):
        settling.settle(later())
    assert told(leg) == [("verdict.settled", 1, verdict)]
    [event] = VerdictEvent.objects.all()
    assert event.data["parent_call_sid"] == leg and event.data["previous"] is None
    assert "+1555" not in str(event.data)


def test_a_change_of_a_settled_verdict_is_told_with_what_it_was_in_the_transaction_of_the_save():
    leg, child = sid(), sid()
    projector.project(keep(status(leg, "completed", at=9)))
    settling.settle(later())
    before = queries.find(leg)["verdict"]
    traces = keep(status(leg, "no-answer", at=10), status(child, "failed", parent=leg, at=1))
    with transaction.atomic():
        projector.project(traces)
        transaction.set_rollback(True)
    assert len(told(leg)) == 1  # rolled back with the row
    projector.project(traces)
    now = queries.find(leg)["verdict"]
    assert now != before, "choose facts that change the verdict"
    assert told(leg)[1:] == [("verdict.changed", 2, now)]
    assert VerdictEvent.objects.latest("id").data["previous"]["verdict"] == before


def test_what_is_awaited_delays_it_an_hour_at_most():
    leg = sid()
    projector.project(keep(status(leg, "completed", at=30)))
    call = queries.find(leg)["call_id"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE call SET recording_state = 'pending' WHERE call_id = %s", [call])
    settling.settle(later())
    assert told(leg) == []
    for minutes in (25, 40, 55, 61):
        settling.settle(datetime.now(UTC) + timedelta(minutes=minutes))
    assert [type for type, *_ in told(leg)] == ["verdict.settled"]


def test_a_fold_that_changes_no_verdict_asks_nothing_of_it():
    leg = sid()
    projector.project(keep(status(leg, "completed", at=9)))
    with CaptureQueriesContext(connection) as captured:
        projector.project(keep(status(leg, "completed", at=9, caller="+15550100")))
    assert not [query for query in captured if "settlement" in str(query["sql"])]


def test_a_settled_call_that_becomes_part_of_another_one_is_told_to_be():
    leg, child = sid(), sid()
    projector.project(keep(status(leg, "completed", at=9)))
    projector.project(keep(status(child, "completed", at=8)))
    settling.settle(later())
    was = {str(each.call_id) for each in Settlement.objects.all()}
    assert len(was) == 2
    projector.project(keep(status(child, "completed", parent=leg, at=8.5)))
    whole = queries.find(leg)["call_id"]
    [part] = was - {whole}
    event = VerdictEvent.objects.get(call_id=part, sequence=2)
    assert (event.type, event.data["verdict"], event.data["joined_to"]) == ("verdict.changed", None, whole)


def test_what_a_rebuild_judges_otherwise_is_told():
    leg = sid()
    projector.project(keep(status(leg, "completed", at=9)))
    settling.settle(later())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE call SET cause = 'agent_finished', verdict = 'natural_end'")
    assert settling.note_all() == 1 and settling.note_all() == 0
    assert told(leg)[1:] == [("verdict.changed", 2, "natural_end")]
