"""Every source over HTTP: what came and what was refused, as a page asks for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import time

import pytest

from ingest.arrivals import counts, repeats
from ingest.doors.receive import receive
from ingest.models import Arrival, Feed
from ingest.sources import on_metrics
from tests.ingest import deliveries as given

pytestmark = pytest.mark.django_db


@pytest.fixture
def sources(client, settings):
    given.configured(settings)
    settings.API_TOKENS = ["a-token-to-read"]
    settings.STATUS_FEEDS = []

    def ask():
        answer = client.get("/api/v1/sources", headers={"authorization": "Bearer a-token-to-read"})
        assert answer.status_code == 200
        return {each["source"]: each for each in answer.json()["sources"]}

    return ask


def bring(delivery, status=204):
    assert receive(replace(delivery, received_at=time())).status == status


def test_a_source_is_off_then_well_and_rejecting_while_its_signatures_are_wrong(sources):
    before = sources()
    assert before["twilio_callbacks"]["state"] == "off" and before["twilio_callbacks"]["remedy"]
    assert before["status_feeds"]["state"] == "off"
    bring(given.signed(given.progress()))
    taken = sources()["twilio_callbacks"]
    assert (taken["state"], taken["count"], taken["door"]) == ("ok", 1, "twilio") and taken["last_at"]
    bring(given.signed(given.progress(), secret="another"), 403)
    refused = sources()
    assert refused["twilio_callbacks"]["state"] == "rejecting"
    [reason] = refused["twilio_callbacks"]["refusals"]
    assert reason["count"] == 1 and "PUBLIC_BASE_URL" in reason["remedy"]
    assert refused["twilio_recordings"]["refusals"] == []  # nobody knows what was refused: told once


def test_a_secret_that_is_missing_is_why_a_source_is_off(sources, settings):
    settings.OPENAI_WEBHOOK_SECRETS = []
    off = sources()["openai_webhook"]
    assert off["state"] == "off" and off["why"].startswith("OPENAI_WEBHOOK_SECRETS is not set")


def test_nothing_in_an_hour_that_is_busy_on_other_days_is_silence(sources):
    now = datetime.now(UTC)
    for day in range(1, 8):
        at = now - timedelta(days=day)
        slot = at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0)
        Arrival.objects.create(source="openai_webhook", slot=slot, late=0, count=30, unknown=0, last_at=at)
    assert sources()["openai_webhook"]["state"] == "silent"
    assert sources()["openai_webhook"]["expected"] == pytest.approx(30)
    assert sources()["app_events"]["state"] == "off"
    counts.count()


def test_status_pages_are_well_without_news_and_late_while_one_fails(sources, settings):
    settings.STATUS_FEEDS = ["https://status.example.com/history.atom"]
    assert sources()["status_feeds"]["state"] == "silent"
    now = datetime.now(UTC)
    page = Feed.objects.create(url=settings.STATUS_FEEDS[0], checked_at=now, ok_at=now)
    assert sources()["status_feeds"]["state"] == "ok"
    page.failed_at, page.error = now, "answered 500"
    page.save()
    assert sources()["status_feeds"]["state"] == "late" and "answered 500" in sources()["status_feeds"]["why"]


def test_what_came_how_is_told_with_what_it_is_of_and_is_a_figure_each(sources, client):
    call = given.signed(given.progress())
    bring(call)
    bring(call)
    repeats.fetched("recording_audio", again=True)
    repeats.flush()
    found = sources()
    told = {name: found["twilio_callbacks"][name] for name in ("came", "told_again", "disordered", "unknown")}
    assert told == {"came": 1, "told_again": 1, "disordered": 0, "unknown": 0}
    assert (found["recording_audio"]["fetched"], found["recording_audio"]["fetched_again"]) == (1, 1)
    figures = dict(zip((f.name for f in on_metrics.SOURCES.figures), on_metrics.SOURCES.ask(), strict=True))
    assert figures["callstore_source_told_again_hour"]["twilio_callbacks",] == 1
    assert figures["callstore_source_disordered_hour"]["twilio_callbacks",] == 0
    assert figures["callstore_source_fetched_hour"]["recording_audio",] == 1
    assert figures["callstore_source_fetched_again_hour"]["recording_audio",] == 1


def test_a_stranger_is_told_nothing(client):
    assert client.get("/api/v1/sources").status_code == 401
