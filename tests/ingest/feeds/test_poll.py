"""A round of asking, of real servers and into a real log: news is kept once, and trouble stays in its row."""

import gzip
import resource
import threading
import time

import pytest

from callstore import celery
from callstore.domain.facts.clock import unix
from callstore.domain.facts.order import in_order
from callstore.eventlog.reading import bulk, read
from callstore.health import endpoints
from callstore.projection.cross_call.incidents import published
from ingest.feeds import fetch, poll
from ingest.feeds import state as feeds
from ingest.models import Feed
from tests.ingest.dialects.test_status_page import INCIDENT_IO, STATUSPAGE
from tests.ingest.feeds.status_pages import body, conditional, pieces, serving
from tests.served import free_port

pytestmark = pytest.mark.django_db

PATH = "/api/v2/incidents.json"
MiB = 1024 * 1024
BOMB = gzip.compress(b" " * 100 * MiB)


@pytest.fixture
def pages():
    with serving() as found:
        yield found


def page(*incidents, name="OpenAI"):
    return {"page": {"name": name}, "incidents": list(incidents)}


def said(external_id, provider="openai"):
    """The statuses that the log has of an incident, in their order."""
    subject = f"incident:{provider}:{external_id}"
    traces = read.traces_of_kind(subject, since=0)
    return [r.event.status for records in bulk.by_trace(traces).values() for r in in_order(records)]


def state(url):
    return feeds.told()[feeds.name(url)]


def test_each_revision_is_kept_once_however_often_the_page_is_asked(pages):
    url = pages.at(PATH, body(page(STATUSPAGE)))
    assert [poll.poll([url]) for _ in range(3)] == [1, 0, 0]
    resolved = {**STATUSPAGE, "status": "resolved", "updated_at": "2026-04-20T16:05:00Z",
                "resolved_at": "2026-04-20T16:00:00Z"}  # fmt: skip
    pages.at(PATH, body(page(resolved)))
    assert [poll.poll([url]) for _ in range(2)] == [1, 0]
    assert said(STATUSPAGE["id"]) == ["monitoring", "resolved"]
    [incident] = published(unix("2026-04-20T00:00:00Z"))
    assert (incident.start, incident.end) == (unix("2026-04-20T14:18:00Z"), unix("2026-04-20T16:00:00Z"))


def test_a_row_that_was_lost_adds_nothing_to_the_log(pages):
    url = pages.at(PATH, body(page(STATUSPAGE)))
    poll.poll([url])
    Feed.objects.all().delete()
    assert poll.poll([url]) == 0 and state(url) == "ok"


def test_what_has_not_changed_is_not_sent_again(pages):
    url = pages.at(PATH, conditional(page(STATUSPAGE), '"v1"', "Mon, 20 Apr 2026 15:40:11 GMT"))
    assert [poll.poll([url]) for _ in range(2)] == [1, 0]
    first, second = (headers for _, headers in pages.requests)
    assert "If-None-Match" not in first and second["If-None-Match"] == '"v1"'
    assert state(url) == "ok"


def test_an_incident_that_its_page_no_longer_lists_has_ended(pages):
    url = pages.at(
        "/api/v2/summary.json", body(page(STATUSPAGE, {**STATUSPAGE, "id": "other", "status": "resolved"}))
    )
    poll.poll([url])
    pages.at("/api/v2/summary.json", body(page()))
    before = time.time()
    assert [poll.poll([url]) for _ in range(2)] == [1, 0]
    assert said(STATUSPAGE["id"]) == ["monitoring", "resolved"] and said("other") == ["resolved"]
    [incident] = [i for i in published(before - 60) if i.external_id == STATUSPAGE["id"]]
    assert before <= incident.end <= time.time()


def test_an_incident_that_its_page_forgot_for_one_answer_goes_on(pages):
    """A page is served by many hosts, of which one may be late."""
    url = pages.at("/api/v2/summary.json", body(page(STATUSPAGE)))
    poll.poll([url])
    for _ in range(2):
        pages.at("/api/v2/summary.json", body(page()))
        assert poll.poll([url]) == 1
        assert [i.status for i in published(time.time() - 60)] == ["resolved"]
        pages.at("/api/v2/summary.json", body(page(STATUSPAGE)))
        assert [poll.poll([url]) for _ in range(2)] == [1, 0]
        [incident] = published(time.time() - 60)
        assert (incident.status, incident.end > time.time()) == ("monitoring", True)
    assert poll.poll([url]) == 0


def test_an_incident_that_is_opened_again_goes_on(pages):
    ended = {**STATUSPAGE, "status": "resolved", "resolved_at": "2026-04-20T15:00:00Z"}
    url = pages.at(PATH, body(page(ended)))
    poll.poll([url])
    pages.at(PATH, body(page({**STATUSPAGE, "status": "identified", "updated_at": "2026-04-20T16:05:00Z"})))
    poll.poll([url])
    [incident] = published(unix("2026-04-20T14:00:00Z"))
    assert incident.end > unix("2026-04-20T17:00:00Z")


def test_pages_of_incident_io_are_read_in_their_own_form(pages):
    url = pages.at("/proxy/status.openai.com/incidents", body({"incidents": [INCIDENT_IO]}))
    assert poll.poll([url]) == 1
    [incident] = published(unix("2026-04-20T00:00:00Z"))
    assert (incident.provider, incident.impact) == ("openai", "partial_outage")


def test_a_feed_without_an_end_is_cut_off_and_its_neighbour_is_read(pages):
    endless = pages.at("/endless", pieces(pages, b" " * 65536, 100 * MiB))
    good = pages.at(PATH, body(page(STATUSPAGE)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert poll.poll([endless, good]) == 1
    assert state(endless).startswith("larger than 2 MiB (since ") and state(good) == "ok"
    assert pages.written < 20 * MiB  # what the sockets hold is on its way already
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (body(b"<!doctype html><html>"), "is an HTML page; its incidents are often at /api/v2/"),
        (body(b'<?xml version="1.0"?><rss/>'), "is RSS or Atom; its page has JSON, too: /api/v2/"),
        (body(b'{"incidents": [{"id"'), "is no JSON"),
        (body(b""), "is nothing"),
        (body({"incidents": {}}), "is JSON with no list of incidents"),
        (body(b"no", 500), "answers 500"),
        (body(b"", 304), "answers 304"),
        (body(BOMB, Content_Encoding="gzip"), "comes packed, which was not asked for"),
        (body(b"", 302, Location="http://169.254.169.254/latest/meta-data"), "redirects to 169.254.169.254"),
        (body(b"", 302, Location="file:///etc/passwd"), "redirects to nowhere"),
        (body(b"", 302, Location=PATH), "redirects more than 3 times"),
        (body(b"", 302, Location="http://[half"), "does not answer: "),
    ],
)  # fmt: skip
def test_what_a_page_does_wrong_is_said_in_its_row_and_costs_nothing_else(pages, answer, reason):
    url, good = pages.at(PATH, answer), pages.at("/good", body(page(STATUSPAGE)))
    assert poll.poll([url, good]) == 1
    assert state(url).startswith(reason) and state(good) == "ok"
    pages.at(PATH, body(page({**STATUSPAGE, "id": "later"})))
    assert poll.poll([url, good]) == 1 and state(url) == "ok"


def test_a_redirect_on_the_same_host_is_followed(pages):
    url = pages.at("/old", body(b"", 301, Location="/new"))
    pages.at("/new", body(page(STATUSPAGE)))
    assert poll.poll([url]) == 1 and state(url) == "ok"


def test_a_page_that_drips_is_left_in_time(pages, monkeypatch):
    monkeypatch.setattr(fetch, "LONGEST_S", 0.5)
    stop = threading.Event()
    url = pages.at(PATH, pieces(pages, b" ", MiB, lambda: stop.wait(0.05)))
    began = time.monotonic()
    poll.poll([url])
    assert state(url).startswith("not complete after") and time.monotonic() - began < 5
    stop.set()


def test_a_page_that_is_down_says_since_when_and_is_warned_of_once(pages, caplog):
    with serving() as gone:
        url = gone.url + PATH
    poll.poll([url])
    first = state(url)
    poll.poll([url])
    assert first.startswith("does not answer: ConnectError (since ") and state(url) == first
    assert len(caplog.records) == 1


def test_a_reading_that_fails_is_said_in_its_row(pages, monkeypatch):
    url, good = (
        pages.at(PATH, body(page(STATUSPAGE))),
        pages.at("/good", body(page({**STATUSPAGE, "id": "b"}))),
    )
    whole = poll.append
    monkeypatch.setattr(
        poll, "append", lambda drafts: 1 / 0 if drafts[0].subject.endswith("jzx") else whole(drafts)
    )
    assert poll.poll([url, good]) == 1
    assert state(url).startswith("our reading of it failed: ZeroDivisionError") and state(good) == "ok"


def test_a_feed_that_is_no_longer_asked_is_forgotten(pages):
    poll.poll([pages.at(PATH, body(page()))])
    poll.poll([])
    assert feeds.told() == {}


def test_secrets_of_an_address_are_told_to_nobody(pages, client, settings):
    url = pages.url.replace("http://", "http://user:password@") + "/private?token=secret"
    pages.at("/private?token=secret", body(page()))
    settings.STATUS_FEEDS = [url, "https://status.example.com/api/v2/incidents.json"]
    poll.poll([url])
    endpoints.forget()
    answer = client.get("/readyz")
    feeds = answer.json()["status_feeds"]
    assert feeds == {pages.url.removeprefix("http://") + "/private": "ok",
                     "status.example.com/api/v2/incidents.json": "not asked yet"}  # fmt: skip
    assert b"password" not in answer.content and b"secret" not in answer.content


def test_secrets_of_an_address_are_not_logged_either(caplog):
    poll.poll([f"http://user:password@127.0.0.1:{free_port()}/?token=secret"])
    assert len(caplog.records) == 1 and "does not answer" in caplog.text
    assert "password" not in caplog.text and "secret" not in caplog.text


def test_a_feed_that_nobody_asks_any_more_is_not_ok(pages):
    url = pages.at(PATH, body(page()))
    poll.poll([url])
    Feed.objects.update(checked_at="2026-04-20T00:00:00Z")
    assert state(url) == "not asked since 2026-04-20T00:00:00.000Z"


def test_beat_has_the_fetcher_ask():
    celery.app.loader.import_default_modules()
    entry = celery.app.conf.beat_schedule["ask the status pages"]
    assert entry["task"] in celery.app.tasks
    assert celery.app.conf.task_routes[entry["task"]] == {"queue": "recordings"}
