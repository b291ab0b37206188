"""An API that fails, lies or never ends costs one clear sentence, and nothing that it did tell is lost."""

import re
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from callstore.domain.facts.events import TwilioAsked
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.scenario import load
from ingest.arrivals import repeats
from ingest.backfill import rest_http
from ingest.providers.provider import normalise
from tests.eventlog.conftest import empty_log  # noqa: F401
from tests.eventlog.tampering import sql
from tests.ingest.deliveries import ACCOUNT
from tests.ingest.twilio_api import knowing, serving

pytestmark = pytest.mark.django_db

CALL = load("founding_call")
LEG = scenarios.leg(CALL)


@pytest.fixture
def twilio(settings, monkeypatch, empty_log):  # noqa: F811
    """The stand-in, of a call of which the first two deliveries alone arrived."""
    monkeypatch.setattr(rest_http, "FIRST_WAIT_S", 0.001)
    with serving() as api:
        settings.TWILIO_API_BASE_URL = api.url
        settings.TWILIO_ACCOUNTS = {ACCOUNT: ["token"]}
        api.tokens = {"token"}
        knowing(CALL, api)
        append([draft for delivery in CALL.deliveries[:2] for draft in normalise(delivery)])
        yield api


def backfill(call=LEG):
    """The sentence that the command ends with 1 by; None where it succeeds."""
    try:
        call_command("backfill", "twilio", "--call", call, stdout=StringIO())
    except CommandError as error:
        return str(error)
    return None


def at(pattern, answer, times=10**9):
    """A fault: what matches is answered so, the first `times` times."""
    return lambda path, asked: answer if re.search(pattern, path) and asked <= times else None


def ends():
    return sql(
        "SELECT count(*) FROM log.event WHERE type = 'leg.status' AND facts ->> 'status' = 'completed'"
    )[0][0]


EVENTS = r"/Events\.json"
HTML = (200, b"<html><body>Maintenance</body></html>", {})
BROKEN = [
    pytest.param((500, {"code": 20500, "message": "No"}, {}), r"answered 500 \(its code 20500\)", id="500"),
    pytest.param((503, b"<html>", {}), "answered 503 to GET", id="503"),
    pytest.param(HTML, "200 with something that is no JSON", id="html"),
    pytest.param((200, b'{"events": [{"req', {}), "200 with something that is no JSON", id="cut JSON"),
    pytest.param((200, b'{"events": [', {"cut": True}), "nothing whole", id="half a page"),
    pytest.param((200, b"[]", {}), "no JSON object", id="list"),
    pytest.param((200, {"calls": 7, "rows": 8}, {}), "could not be read|another shape", id="other shape"),
    pytest.param((200, {"events": 7}, {}), "another shape", id="no list"),
    pytest.param((302, b"", {"Location": "https://evil.example/"}), "answered 302", id="redirect"),
    pytest.param((400, {"code": 20001}, {}), r"answered 400 \(its code 20001\)", id="400"),
]


@pytest.mark.parametrize(("answer", "sentence"), BROKEN)
def test_what_one_list_fails_by_is_told_and_the_other_lists_are_taken(twilio, answer, sentence):
    twilio.fault = at(EVENTS, answer)
    told = backfill()
    assert told is not None and re.search(sentence, told) and "\n" not in told and "Traceback" not in told
    assert ends() == 2  # of the resources
    assert sql("SELECT count(*) FROM log.event WHERE type = 'recording.status'") == [(1,)]
    [asked] = [
        r.event for r in read.records(read.homes([f"twilio:{LEG}"])) if isinstance(r.event, TwilioAsked)
    ]
    assert re.search(sentence, asked.failure) and asked.found > 0

    twilio.fault = None
    assert backfill() is None
    assert sql("SELECT count(*) FROM log.event WHERE facts ->> 'sip_code' = '200'")[0][0] >= 2


@pytest.mark.parametrize("answer", [(500, b"", {}), (429, b"{}", {}), HTML, (200, b"{", {"cut": True})])
def test_what_passes_is_tried_again(twilio, answer):
    twilio.fault = at(EVENTS, answer, times=2)
    assert backfill() is None


def test_every_request_is_counted_and_which_of_them_repeat_one_that_failed(twilio):
    twilio.fault = at(rf"/Calls/{LEG}{EVENTS}", (503, b"{}", {}), times=2)
    assert backfill() is None
    counted = {each.what: each.times for each in repeats.read() if each.source == "backfill"}
    assert counted == {"fetched": len(twilio.requests), "fetched_again": 2}


def test_at_429_it_waits_as_long_as_it_is_told(twilio):
    twilio.fault = at(rf"/Calls/{LEG}\.json", (429, {"code": 20429}, {"Retry-After": "1"}), times=2)
    began = time.monotonic()
    assert backfill() is None
    assert time.monotonic() - began >= 2.0


def test_waits_are_longer_each_time_differ_and_end(monkeypatch):
    monkeypatch.setattr(rest_http, "FIRST_WAIT_S", 0.5)
    waits = [[rest_http._wait(attempt, None) for _ in range(50)] for attempt in range(1, 5)]
    for attempt, found in enumerate(waits):
        assert 0.5 * 2**attempt <= min(found) < max(found) <= 0.75 * 2**attempt
    assert rest_http._wait(1, "86400") == rest_http.LONGEST_WAIT_S
    assert rest_http._wait(1, "Wed, 21 Oct 2026 07:28:00 GMT") < 1


@pytest.mark.parametrize("name", ["Events", "Notifications"])
def test_pages_without_end_stop_and_the_other_lists_are_taken(twilio, name):
    def endless(path, times):
        if f"Calls/{LEG}/{name}" in path:
            return 200, {name.lower(): [], "next_page_uri": f"{path}?Page={times}"}, {}
        return None

    twilio.fault = endless
    told = backfill()
    assert told.count("pages do not end") == 1 and f"/{name}" in told
    assert len(twilio.requests) < 2 * rest_http.MOST_REQUESTS
    assert ends() == 2
    assert sql("SELECT count(*) FROM log.event WHERE type = 'recording.status'")[0][0] > 0


@pytest.mark.parametrize(
    "uri", ["https://evil.example/x", "http://api.twilio.com/x", "https://api.twilio.com@evil.example/x"]
)
def test_a_token_goes_to_no_other_host_by_a_page_that_names_it(twilio, uri):
    answer = {"events": [], "meta": {"key": "events", "next_page_url": uri}}
    twilio.fault = at(r"/v1/Voice/.*/Events", (200, answer, {}))
    assert "not at its own host" in backfill()


def test_a_slow_answer_is_given_up(twilio, monkeypatch):
    monkeypatch.setattr(rest_http, "TIMEOUT", 0.2)
    twilio.fault = at(EVENTS, (200, {"events": []}, {"slow": 0.5}))
    assert "nothing whole (ReadTimeout)" in backfill()


def test_an_answer_that_is_too_large_is_given_up(twilio, monkeypatch):
    monkeypatch.setattr(rest_http, "LARGEST", 100_000)
    twilio.fault = at(EVENTS, (200, b" " * 200_000, {}))
    assert "is larger than" in backfill()


def test_during_rotation_both_tokens_are_tried(twilio, settings):
    settings.TWILIO_ACCOUNTS = {ACCOUNT: ["old", "token"]}
    assert backfill() is None


def test_when_no_token_opens_it_says_so(twilio):
    twilio.tokens = set()
    assert re.search(r"answered 401 \(its code 20003\)", backfill())


def test_without_tokens_nobody_is_asked(twilio, settings):
    settings.TWILIO_ACCOUNTS = {}
    assert "TWILIO_ACCOUNTS holds no token" in backfill()
    assert twilio.requests == []


def test_a_call_that_twilio_does_not_know_is_no_call_of_ours(twilio):
    events = sql("SELECT count(*) FROM log.event")
    assert "answered 404" in backfill("CA" + "0" * 32)
    assert sql("SELECT count(*) FROM log.event") == events


def test_a_word_that_is_no_id_is_refused():
    assert "is no call SID" in backfill("tomorrow")
    with pytest.raises(CommandError, match="ISO 8601"):
        call_command("backfill", "twilio", "--since", "tomorrow")


def test_nobody_at_all_is_one_sentence(twilio, settings):
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:1"
    assert "nothing whole (ConnectError)" in backfill()


def test_an_account_without_insights_is_no_failure(twilio):
    twilio.summaries.clear()
    assert backfill() is None
