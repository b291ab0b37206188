"""The harmless delivery of each door: proved like any other, kept as a fact of its own, and of no call."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest

from callstore.domain.facts.events import SmokeTested, Unrecognised
from ingest.doors.asgi import BODY_LIMIT
from ingest.providers.provider import NotConfigured, discovered
from tests.ingest import deliveries as given

DOORS = ("twilio", "openai", "app")


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


def harmless(door):
    return discovered()[door].harmless("a-run")


@pytest.mark.parametrize("door", DOORS)
def test_it_passes_its_door_and_is_a_fact_of_no_call(door):
    discovered()[door].verify(given.signed(harmless(door)))
    [fact] = given.facts(harmless(door))
    assert fact.event == SmokeTested(run="a-run")
    assert (fact.source, fact.subject, fact.is_of_a_call, fact.refs) == (door, f"smoke:{door}", False, ())
    assert fact.raw == b""  # of what pads it nothing stays


def test_the_applications_is_as_large_as_a_proxy_must_let_through():
    assert len(harmless("app").body) == BODY_LIMIT
    assert len(harmless("twilio").body) > 64 * 1024


def test_without_an_account_there_is_none(settings):
    settings.TWILIO_ACCOUNTS = {}
    with pytest.raises(NotConfigured, match="TWILIO_ACCOUNTS"):
        harmless("twilio")


def test_a_callback_of_a_leg_is_never_taken_for_one():
    leg = given.progress()
    marked = replace(leg, body=leg.body + b"&callstore.smoke_test=a-run")
    assert given.facts(marked)[0].event.TYPE == "leg.status"
    fields = dict(parse_qsl(harmless("twilio").body.decode())) | {"CallSid": given.sid()}
    about_a_leg = replace(harmless("twilio"), body=urlencode(fields).encode())
    assert isinstance(given.facts(about_a_leg)[0].event, Unrecognised)


@pytest.mark.parametrize("door", ["openai", "app"])
def test_without_the_name_of_a_run_it_is_unrecognised(door):
    body = json.loads(harmless(door).body)
    (body[0] if door == "app" else body)["data"] = {}
    [fact] = given.facts(replace(harmless(door), body=json.dumps(body).encode()))
    assert isinstance(fact.event, Unrecognised)
