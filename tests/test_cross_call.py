"""End to end: calls that failed together and a status page's word, from the doors to API, page and CSV."""

import csv
import io
import time

import pytest
from django.test import Client

from callstore import celery
from callstore.domain.facts.clock import iso
from callstore.eventlog.writing.append import append
from callstore.projection import projector
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import drafts, ended_at, leg, load
from ingest.doors.receive import receive
from tests.ingest import deliveries as given
from tests.projection.facts import sql, traces_of

pytestmark = pytest.mark.django_db

TITLE = "Elevated errors on <Realtime>"


def refused(minutes_ago):
    """The recorded call whose AI leg was busy, once more; its parent's SID."""
    story = load("sip_486")
    again = rebased(story, round(time.time() - 60 * minutes_ago - ended_at(story)))
    told = drafts(again)
    append(told)
    projector.project(traces_of(draft.subject for draft in told if draft.is_of_a_call))
    return leg(again)


def publish(**said):
    data = {"provider": "openai", "external_id": given.sid("01"), "title": TITLE, **said}
    event = given.event("incident.published", data, time=iso(time.time()))
    answer = receive(given.signed(given.cloud(event)))
    assert answer.status == 202


def look_together():
    celery.app.loader.import_default_modules()
    celery.app.tasks["projection.across"]()


@pytest.fixture
def api(settings):
    settings.API_TOKENS = ["a-token"]
    return Client(headers={"authorization": "Bearer a-token"})


@pytest.fixture
def legs(settings):
    given.configured(settings)
    sql("DELETE FROM call")
    return [refused(minutes) for minutes in (4, 5, 6)]


def test_calls_that_failed_under_an_incident_say_so_wherever_they_are_read(api, legs, admin_client):
    before = {call: api.get(f"/api/v1/calls/{call}").json() for call in legs}
    publish(status="investigating", started_at=iso(time.time() - 1800))
    look_together()
    for call in legs:
        body = api.get(f"/api/v1/calls/{call}").json()
        [found] = [f for f in body["findings"] if f["slug"] == "provider_incident"]
        assert "3 of 3 calls" in found["says"] and TITLE in found["says"] and len(found["calls"]) == 2
        assert [entry["title"] for entry in body["incidents"]] == [TITLE]
        changed = {name for name in body if body[name] != before[call][name]}
        assert changed == {"findings", "incidents"}
    listed = api.get("/api/v1/calls", {"q": "verdict:never_connected"}).json()["items"]
    assert [entry["title"] for call in listed for entry in call["incidents"]] == [TITLE] * 3
    page = admin_client.get(f"/calls/{legs[0]}").content.decode()
    assert "Trouble at the time" in page and "2 other calls" in page and "<Realtime>" not in page
    rows = list(csv.DictReader(io.StringIO(_export(api))))
    assert [row["provider_incidents"] for row in rows] == [f"openai: {TITLE}"] * 3


def _export(api):
    return b"".join(api.get("/api/v1/incidents.csv")).decode()
