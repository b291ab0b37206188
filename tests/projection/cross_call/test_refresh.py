"""What recent calls show together: found in a real database by the task, told wherever calls are read."""

import time
from itertools import chain
from uuid import UUID

import psycopg
import pytest
from django.core.management import call_command

from callstore import celery
from callstore.domain.facts.events import CallErased, IncidentPublished, LegStatus
from callstore.domain.facts.record import Ref
from callstore.eventlog.db.locks import Lock
from callstore.projection import projector, queries, tasks
from callstore.projection.cross_call import refresh
from callstore.projection.rebuild import diff
from callstore.projection.rebuild.scope import scope
from callstore.projection.retention import erasure
from callstore.projection.slices import slices
from tests.projection.facts import BEGAN, fact, keep, sid, sql, status
from tests.projection.test_pipeline import url

pytestmark = pytest.mark.django_db

HOUR, DAY = 3600.0, 86_400.0


@pytest.fixture(autouse=True)
def nothing_else():
    sql("DELETE FROM call")
    sql("DELETE FROM neighbour")


def refused(at, **more):
    """A call whose AI leg was busy at that minute; its parent's SID."""
    parent, child, minute = sid(), sid(), 60 * at
    busy = LegStatus(status="busy", parent=parent, sip_code=486, duration_s=0)
    projector.project(
        keep(
            status(parent, "in-progress", at=minute, **more),
            fact(f"twilio:{child}", busy, Ref("ParentCallSid", f"twilio:{parent}"), at=minute + 1),
            status(parent, "completed", at=minute + 2),
        )
    )
    return parent


def fine(at):
    """A call that went well as far as anybody knows; its SID."""
    leg = sid()
    projector.project(keep(status(leg, "in-progress", at=60 * at), status(leg, "completed", at=60 * at + 50)))
    return leg


def incident(id_="01KP", at=0.0, **said):
    said = {"title": "Elevated errors", "status": "investigating", **said}
    event = IncidentPublished(provider="openai", external_id=id_, **said)
    keep(fact(f"incident:openai:{id_}", event, at=at, source="app"))


def told(leg):
    """The slugs of what was found across calls, and the incidents."""
    call = queries.find(leg)
    return [f["slug"] for f in call["findings"] if "calls" in f], [i["title"] for i in call["incidents"]]


def look_again(after=HOUR):
    return refresh.refresh(BEGAN + after)


def test_calls_that_fail_together_say_so_of_one_another_and_no_verdict_moves():
    legs = [refused(minute) for minute in (1, 3, 5)]
    before = [queries.find(leg) for leg in legs]
    assert look_again() == 3
    for leg, was in zip(legs, before, strict=True):
        call = queries.find(leg)
        [finding] = [f for f in call["findings"] if f["slug"] == "provider_incident"]
        others = {queries.find(other)["call_id"] for other in legs if other != leg}
        assert set(finding["calls"]) == others and finding["missing"]
        assert {**call, "findings": was["findings"]} == was


def test_innocent_neighbours_and_failures_hours_apart_are_told_nothing():
    legs = [refused(0), refused(50), fine(1), fine(2)]
    assert look_again() == 0
    assert {tuple(map(tuple, told(leg))) for leg in legs} == {((), ())}


def test_what_no_longer_holds_vanishes_and_what_was_found_is_not_written_twice():
    legs = [refused(minute) for minute in (1, 3, 5)]
    assert (look_again(), look_again()) == (3, 0)
    call_id = queries.find(legs[0])["call_id"]
    sql("UPDATE call SET document = document || '{\"verdict\": \"natural_end\"}',"
        " saved_at = saved_at - interval '1 s' WHERE call_id = %s", UUID(call_id))  # fmt: skip
    assert look_again() == 3
    assert [told(leg)[0] for leg in legs] == [[], [], []]


def test_an_incident_of_a_status_page_is_told_of_every_call_it_overlaps_and_found_on_those_that_failed():
    failed, well, later = refused(5), fine(6), fine(50)
    incident(started_at=BEGAN, ended_at=BEGAN + 900)
    look_again()
    assert told(failed) == (["provider_incident"], ["Elevated errors"])
    assert told(well) == ([], ["Elevated errors"])
    assert told(later) == ([], [])
    [told_of] = queries.find(well)["incidents"]
    assert (told_of["provider"], told_of["external_id"]) == ("openai", "01KP")
    assert told_of["ended_at"] == "2026-02-02T02:55:00.000Z"


def test_an_incident_told_of_long_after_it_was_on_is_told_of_the_calls_of_its_time():
    now = time.time()
    then = round(now - 10 * DAY)
    failed, well, later = (
        call((then - BEGAN) / 60 + at) for call, at in ((refused, 5), (fine, 6), (fine, 50))
    )
    incident(started_at=then, ended_at=then + 900)
    assert refresh.refresh(now) == 2
    assert told(failed) == (["provider_incident"], ["Elevated errors"])
    assert (told(well), told(later)) == (([], ["Elevated errors"]), ([], []))
    assert refresh.refresh(now) == 0
    incident(at=60, started_at=then, ended_at=then + 900, title="Errors, resolved")
    assert refresh.refresh(now) == 2 and told(failed)[1] == ["Errors, resolved"]


def test_the_last_word_on_an_incident_holds_and_says_nothing_of_what_it_leaves_out():
    call = fine(30)
    incident(started_at=BEGAN, url="https://status.example/01KP")
    look_again()
    assert told(call)[1] == ["Elevated errors"]
    incident(at=600, title="Resolved: errors", status="resolved")
    look_again()
    assert told(call)[1] == []
    during = fine(5)
    look_again()
    [entry] = queries.find(during)["incidents"]
    assert (entry["title"], entry["url"]) == ("Resolved: errors", "https://status.example/01KP")


def test_an_incident_whose_end_nobody_told_is_not_on_for_ever():
    incident(started_at=BEGAN)
    today, next_week = fine(60), fine(7 * 24 * 60)
    look_again(7 * DAY + HOUR)
    assert told(next_week)[1] == []
    look_again()
    assert told(today)[1] == ["Elevated errors"]
    assert queries.find(today)["incidents"][0]["ended_at"] is None


def test_pages_and_streams_and_filters_tell_the_same():
    legs = {queries.find(refused(minute))["call_id"] for minute in (1, 3, 5)}
    look_again()
    where = ("verdict = %s AND flags @> %s::text[]", ["never_connected", ["suspicious"]])
    for calls in (queries.page(where).items, list(chain.from_iterable(slices(where)))):
        assert {c["call_id"] for c in calls if any("calls" in f for f in c["findings"])} == legs
    assert queries.count(where) == 3


def test_two_days_later_what_was_found_stays_and_what_nobody_needs_goes():
    legs = [refused(minute) for minute in (1, 3, 5)]
    fine(4)
    look_again()
    assert sql("SELECT count(*) FROM neighbour") == [(4,)]
    assert look_again(30 * DAY) == 0
    assert {told(leg)[0][0] for leg in legs} == {"provider_incident"}
    assert sql("SELECT count(*) FROM neighbour") == [(3,)]


def test_a_call_far_back_is_judged_with_all_its_neighbours_or_not_again():
    """A rule that looks a day around a call must not see half of that day and take its finding back."""
    legs = [refused(minute) for minute in (55, 58, 61)]
    look_again(2 * HOUR)
    for hours in range(2, 80):
        look_again(hours * HOUR)
        assert {told(leg)[0][0] for leg in legs} == {"provider_incident"}


def test_calls_that_are_saved_all_the_time_do_not_keep_it_from_coming_to_an_end(monkeypatch):
    leg = refused(1)
    entered = refresh._columns

    def saved_meanwhile(call_id, document):
        sql("UPDATE call SET saved_at = clock_timestamp() WHERE call_id = %s", call_id)
        return entered(call_id, document)

    monkeypatch.setattr(refresh, "_columns", saved_meanwhile)
    look_again()
    assert sql("SELECT count(*) FROM neighbour") == [(1,)] and told(leg)


def test_with_more_calls_than_fit_the_newest_are_judged(monkeypatch):
    legs = [refused(minute) for minute in (1, 3, 5)]
    monkeypatch.setattr(refresh, "MOST", 2)
    assert look_again() == 0
    monkeypatch.setattr(refresh, "MOST", 3)
    assert look_again() == 3
    assert told(legs[0])[0]


def test_read_models_and_what_stands_beside_them_do_not_disturb_one_another(capsys):
    legs = [refused(minute) for minute in (1, 3, 5)]
    look_again()
    for leg in legs:
        assert list(diff.differences(scope(leg), lambda traces: None)) == []
    for leg in legs:
        call_command("rebuild", call=leg)
    assert {told(leg)[0][0] for leg in legs} == {"provider_incident"}
    assert look_again() == 0


def test_a_call_that_became_part_of_another_leaves_nothing_behind():
    parent, child = sid(), sid()
    traces = keep(status(parent, "in-progress")) | keep(status(child, "ringing", at=1))
    projector.project(traces)
    look_again()
    assert sql("SELECT count(*) FROM neighbour") == [(2,)]
    keep(status(child, "completed", parent=parent, at=5))
    projector.project(traces)
    look_again()
    assert sql("SELECT call_id FROM neighbour") == [(min(traces),)]


def test_an_erased_call_loses_its_row_and_its_neighbours_name_nobody():
    number = "+15550107755"
    legs = [refused(minute, caller=number) for minute in (1, 3, 5)]
    look_again()
    traces = erasure.component(legs[0])
    keep(fact(f"twilio:{legs[0]}", CallErased(reason="letter"), at=99, source="operator"))
    erasure.redact(traces)
    assert sql("SELECT count(*) FROM neighbour WHERE call_id = ANY(%s)", traces) == [(0,)]
    look_again()
    rows = sql("SELECT n::text FROM neighbour n")
    assert len(rows) == 3 and not [text for (text,) in rows if number[1:] in text]


def test_the_applications_role_may_do_all_of_it():
    legs = [refused(minute) for minute in (1, 3, 5)]
    sql("SET ROLE callstore_app")
    try:
        assert (look_again(), look_again(30 * DAY)) == (3, 0)
        assert told(legs[0])[0] == ["provider_incident"]
    finally:
        sql("RESET ROLE")


def test_only_one_process_looks_at_a_time():
    refused(1)
    with psycopg.connect(url()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [Lock.CROSS_CALL.value])
        look_again()
        assert sql("SELECT count(*) FROM neighbour") == [(0,)]
        other.execute("SELECT pg_advisory_unlock(%s)", [Lock.CROSS_CALL.value])
    look_again()
    assert sql("SELECT count(*) FROM neighbour") == [(1,)]


def test_the_beat_runs_it_and_knows_every_task_it_asks_for(monkeypatch):
    celery.app.loader.import_default_modules()
    entries = celery.app.conf.beat_schedule.values()
    assert {entry["task"] for entry in entries} <= set(celery.app.tasks)
    assert "projection.across" in {entry["task"] for entry in entries}
    legs = [refused(minute) for minute in (1, 3, 5)]
    monkeypatch.setattr(tasks.time, "time", lambda: BEGAN + HOUR)
    celery.app.tasks["projection.across"]()
    assert {told(leg)[0][0] for leg in legs} == {"provider_incident"}
