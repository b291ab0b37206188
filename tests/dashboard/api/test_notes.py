"""Notes of a call: facts of the log that are sealed, seen at once, and gone with the call."""

import csv

import pytest
from django.core.management import call_command

from callstore.people.review import Change
from callstore.projection import projector, queries
from callstore.projection.review import decisions
from dashboard.call.timeline import timeline
from tests.dashboard.api.problem import problem
from tests.dashboard.documents import put_call
from tests.eventlog.tampering import sql
from tests.projection.facts import keep, sid, status, traces_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def leg():
    leg = sid()
    projector.project(keep(status(leg, "in-progress"), status(leg, "completed", at=60)))
    return leg


def write(client, leg, text="She was cut off here", **more):
    body = {"text": text, **more}
    return client.post(f"/api/v1/calls/{leg}/notes", body, content_type="application/json")


def listed(client, leg):
    return client.get(f"/api/v1/calls/{leg}/notes").json()["items"]


def projected(leg):
    projector.project(traces_of([f"twilio:{leg}"]))
    return queries.find(leg)


def test_a_note_is_seen_at_once_though_its_call_is_not_yet_folded_again(api, leg):
    answer = write(api, leg, at_s=12.5)
    assert answer.status_code == 201
    note = answer.json()
    assert (note["text"], note["at_s"]) == ("She was cut off here", 12.5)
    assert note["by"].startswith("token:")
    assert queries.find(leg)["notes"] == []
    assert listed(api, leg) == [note]


def test_a_note_is_a_fact_in_the_document_and_a_mark_on_the_axis(reader, leg):
    write(reader, leg, at_s=12.5)
    write(reader, leg, "Called back by support")
    call = projected(leg)
    assert [(n["at_s"], n["by"], n["text"]) for n in call["notes"]] == [
        (12.5, "otto", "She was cut off here"),
        (None, "otto", "Called back by support"),
    ]
    assert listed(reader, leg) == [
        {name: value for name, value in note.items() if name != "precision_ms"} for note in call["notes"]
    ]
    [mark] = [mark for mark in timeline(call)["marks"] if mark["lane"] == "notes"]
    assert (mark["start_s"], mark["label"], mark["detail"]) == (12.5, "She was cut off here", "note by otto")
    assert mark["positions"] == call["notes"][0]["positions"]


def test_a_note_is_of_any_moment_of_a_call_that_was_set_to_last_a_day(api, leg):
    assert write(api, leg, at_s=23 * 3600).status_code == 201


def test_a_note_makes_no_call_late_and_judges_nothing(reader, leg):
    before = queries.find(leg)
    write(reader, leg)
    after = projected(leg)
    told = ("flags", "verdict", "detection_lag_s", "started_at", "ended_at")
    assert [after[name] for name in told] == [before[name] for name in told]


def test_the_text_of_a_note_lies_sealed_in_the_log(reader, leg):
    write(reader, leg, "Mrs. Unmistakable")
    [(facts,)] = sql("SELECT facts::text FROM log.event WHERE type = 'call.noted'")
    assert "otto" in facts and "Unmistakable" not in facts


def test_an_erased_calls_notes_are_gone_and_that_it_was_reviewed_stays(reader, leg):
    write(reader, leg, "Mrs. Unmistakable", at_s=1)
    decisions.decide(leg, Change(state="confirmed"), "ada")
    projected(leg)
    call_command("erase", leg, reason="asked to")
    call = queries.find(leg)
    assert [(note["by"], note["text"]) for note in call["notes"]] == [("otto", None)]
    assert call["review_state"] == "confirmed" and "reviewed" in call["flags"]
    assert [each.by for each in decisions.find(leg).history] == ["ada"]
    for table in ("call", "log.event", "people_decision"):
        assert sql(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%Unmistakable%'") == [(0,)]
    assert "erased" in problem(write(reader, leg), 422)["detail"]


def test_a_note_follows_its_call_when_traces_are_joined(reader):
    parent, child = sid(), sid()
    first, second = keep(status(parent, "in-progress")), keep(status(child, "in-progress", at=10))
    projector.project(first | second)
    write(reader, child, at_s=2)
    keep(status(child, "completed", parent=parent, at=30))
    projector.project(second)
    [note] = queries.find(parent)["notes"]
    assert note["at_s"] == 12  # the same moment, of a call that began earlier


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"text": " \0 "}, {"text": "x" * 2001}, {"at_s": 1e6}, {"at_s": "NaN"}, {"text": None}],
    ids=lambda wrong: str(wrong)[:30],
)
def test_what_is_no_note_is_refused(api, leg, wrong):
    problem(write(api, leg, **wrong), 422)
    assert listed(api, leg) == []


def test_a_call_without_any_leg_or_session_takes_no_note(api):
    problem(write(api, str(put_call())), 422)
    problem(write(api, sid()), 404)


def test_a_stranger_writes_nothing(client, api, leg):
    problem(write(client, leg), 401)
    assert listed(api, leg) == []


def test_what_people_decided_and_wrote_last_is_in_the_export(reader, leg):
    decisions.decide(leg, Change(state="confirmed", assignee="otto", tags=("billing", "x")), "ada")
    write(reader, leg, "First")
    write(reader, leg, "=Last")
    projected(leg)
    [row] = list(csv.DictReader(b"".join(reader.get("/api/v1/incidents.csv")).decode().splitlines()))
    told = [row[name] for name in ("review_state", "reviewer", "tags", "note", "assignee")]
    assert told == ["confirmed", "ada", "billing; x", "'=Last", "otto"]
