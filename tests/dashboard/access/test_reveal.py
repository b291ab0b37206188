"""Numbers and deliveries: masked everywhere for viewers, shown to who may, and every time entered."""

import pytest
from django.test import Client

from callstore.people import accounts, tokens
from callstore.people.models import Audit
from callstore.projection import queries
from tests.dashboard.access.whole import CALLED, CALLER, a_call_with_numbers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call():
    return a_call_with_numbers()


def by_login(role):
    client = Client()
    client.force_login(accounts.make(role, role, None))
    return client


def by_token(scope):
    return Client(headers={"authorization": f"Bearer {tokens.make(scope, scope, 'a test').text}"})


def pages(call):
    (event, *_) = queries.events(call, bodies=False, cursor=None, position=None, limit=1).items
    yield from (
        "/calls",
        f"/calls/{call}",
        f"/calls/{call}/history",
        f"/calls/{call}/review",
        "/calls/facets",
    )
    yield from (f"/calls/{call}/events", f"/calls/{call}/events/{event['position']}", f"/compare?a={call}")
    for part in ("", "/timeline", "/events", "/figure.json", "/history", "/notes", "/review", "/advice"):
        yield f"/api/v1/calls/{call}{part}"
    yield from ("/api/v1/calls", "/api/v1/facets", "/api/v1/suggest?q=from:", f"/api/v1/compare?a={call}")
    yield from ("/api/v1/incidents.csv", "/api/v1/incidents.jsonl", "/api/v1/doctor")


def told(client, path):
    answer = client.get(path)
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


def test_a_viewer_is_told_no_whole_number_and_no_delivery_by_any_page_or_path(call):
    viewer = by_login("viewer")
    for path in pages(call):
        said = told(viewer, path)
        assert CALLER[1:] not in said and CALLED[1:] not in said, path
    body = viewer.get(f"/api/v1/calls/{call}").json()
    assert body["from"] == "+8135*****23" and body["legs"][0]["from"] == "+8135*****23"
    assert all("body" not in event for event in viewer.get(f"/api/v1/calls/{call}/events").json()["items"])
    assert not Audit.objects.filter(action="revealed").exists()


def test_pages_mask_for_everybody_until_somebody_asks(call):
    analyst = by_login("analyst")
    for path in pages(call):
        if not path.startswith("/api/"):
            assert CALLER[1:] not in told(analyst, path), path


def test_an_analyst_is_shown_both_and_each_time_is_entered_with_who_when_what_and_call(call):
    analyst = by_login("analyst")
    assert "Show the numbers" in told(analyst, f"/calls/{call}")
    said = analyst.post(f"/calls/{call}/reveal").content.decode()
    assert CALLER in said and CALLED in said
    position = queries.events(call, bodies=False, cursor=None, position=None, limit=1).items[0]["position"]
    page = analyst.post(f"/calls/{call}/events/{position}/reveal").content.decode()
    assert f"From=%2B{CALLER[1:]}" in page and "entered in the audit" in page
    assert analyst.get(f"/api/v1/calls/{call}").json()["from"] == CALLER
    assert "From=%2B" in analyst.get(f"/api/v1/calls/{call}/events").json()["items"][0]["body"]
    entries = [(each.by, str(each.call_id), each.what) for each in Audit.objects.filter(action="revealed")]
    assert [entry[:2] for entry in entries] == [("analyst", str(call))] * 4
    assert [entry[2].get("kind") or entry[2]["path"] for entry in entries] == [
        "numbers", "event", "api/v1/calls/<id>", "api/v1/calls/<id>/events",
    ]  # fmt: skip
    assert CALLER[1:] not in str(entries)


def test_what_needs_no_number_is_no_entry(call):
    analyst = by_login("analyst")
    for path in ("figure.json", "timeline"):
        analyst.get(f"/api/v1/calls/{call}/{path}")
    assert not Audit.objects.filter(action="revealed").exists()


def test_a_viewer_has_no_button_and_no_way_past_it(call):
    viewer = by_login("viewer")
    assert "Show the numbers" not in told(viewer, f"/calls/{call}")
    assert viewer.post(f"/calls/{call}/reveal").status_code == 403
    assert Client(enforce_csrf_checks=True).post(f"/calls/{call}/reveal").status_code == 403


def test_tokens_read_numbers_and_deliveries_by_their_scope(call):
    for scope, sees in (("read", False), ("raw", True)):
        client = by_token(scope)
        assert client.get(f"/api/v1/calls/{call}").json()["from"] == CALLER
        events = client.get(f"/api/v1/calls/{call}/events").json()["items"]
        assert [bool(event.get("body")) for event in events] == [sees] * len(events)
