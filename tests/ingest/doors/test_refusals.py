"""What doors refuse is seen: in the log, on /readyz and on the list of calls, with what to do about it."""

from dataclasses import replace

import pytest

from callstore.base import seldom
from callstore.health import endpoints
from ingest.doors import receive, rejections
from ingest.models import Rejection
from ingest.providers.provider import Refused
from tests.ingest import deliveries as given

pytestmark = pytest.mark.django_db

NOW = 1_800_000_000.0  # in 2027, as every test of this file sees it


@pytest.fixture(autouse=True)
def _fresh(settings, monkeypatch):
    given.configured(settings)
    monkeypatch.setattr(rejections, "_seldom", seldom.Seldom())
    monkeypatch.setattr(rejections, "_reasons", {})
    monkeypatch.setattr(rejections, "time", lambda: NOW)
    endpoints.forget()


@pytest.fixture
def reader(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("otto"))
    return client


def send(*deliveries, at=NOW):
    signed = [replace(given.signed(each), received_at=at) for each in deliveries]
    return [answer.status for answer in receive.receive_all(signed)]


def test_an_address_that_is_off_by_its_scheme_shows_in_all_places(reader, settings, caplog):
    callbacks = [
        given.form("/hooks/twilio/status?from=%2B15550100001", CallSid=given.sid()) for _ in range(3)
    ]
    signed = [given.signed(each) for each in callbacks]
    settings.PUBLIC_BASE_URL = given.BASE.replace("https", "http")
    assert [receive.receive(replace(each, received_at=NOW)).status for each in signed] == [403] * 3
    [line] = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert line.startswith("refused at twilio: wrong signature;")
    assert "It was verified as 'http://calls.example.com/hooks/twilio/status?...'" in line
    assert "PUBLIC_BASE_URL" in line and given.TOKEN not in line and "15550100001" not in line
    assert reader.get("/readyz").json()["refused"] == {"twilio": {"wrong signature": 3}}
    page = reader.get("/calls").content.decode()
    assert "The door of twilio refused 3 deliveries: wrong signature" in page
    assert "since 2027-01-15 08:00" in page
    assert "http://calls.example.com" in page and "https or http" in page


def test_a_door_and_reason_are_said_once_a_minute_with_how_often_since(settings, caplog, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(seldom, "monotonic", lambda: clock[0])
    forged = [replace(given.signed(given.cloud()), headers={"authorization": "Bearer x"})] * 10
    receive.receive_all(forged)
    clock[0] += 61
    receive.receive_all(forged[:1])
    lines = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(lines) == 2 and "wrong token;" in lines[0] and "wrong token (10 times);" in lines[1]


def test_who_is_not_logged_in_sees_no_refusals_and_a_day_later_nobody_does(client, reader, monkeypatch):
    receive.receive(replace(given.progress(), received_at=NOW))
    assert "refused 1 delivery: no signature" in reader.get("/calls").content.decode()
    monkeypatch.setattr(rejections, "time", lambda: NOW + 86_401)
    endpoints.forget()
    assert "refused" not in reader.get("/calls").content.decode()
    assert reader.get("/readyz").json()["refused"] == {}


def test_refusals_alone_make_nobody_less_ready(client):
    before = client.get("/readyz").status_code
    receive.receive(replace(given.progress(), received_at=NOW))
    endpoints.forget()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["refused"]) == (before, {"twilio": {"no signature": 1}})


def test_counts_of_two_days_are_told_together_since_the_first():
    for at in (NOW - 43_200, NOW):
        rejections.note("app", Refused("wrong token"), at)
    rejections.flush()
    [told] = rejections.recent()
    assert (told.door, told.reason, told.count) == ("app", "wrong token", 2)
    assert told.since.timestamp() == NOW - 43_200
    assert "INGEST_TOKENS" in told.remedy


def test_there_are_only_so_many_reasons_and_they_are_short():
    for number in range(100):
        rejections.note("gone", Refused(f"{number} {'long ' * 100}"), NOW)
    rejections.flush()
    assert Rejection.objects.count() == rejections.MOST_REASONS + 1
    assert Rejection.objects.get(reason=rejections.OTHER).count == 100 - rejections.MOST_REASONS
    assert {told.remedy for told in rejections.recent()} == {""}  # a door that is gone
