"""By itself: beat finds the calls whose step is due, and the task of ingest asks and says so in the log."""

import pytest
from celery import current_app
from django.conf import settings as configured
from redis import Redis

from callstore import celery
from callstore.eventlog.writing.append import append
from callstore.projection import projector, tasks
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.scenario import load
from callstore.rehearsal.scenarios.sending import moved_to_now
from callstore.requests.backfill import AskTwilio
from ingest.backfill.tasks import CLAIM, ask_twilio
from ingest.providers.provider import normalise
from tests.eventlog.conftest import empty_log  # noqa: F401
from tests.eventlog.tampering import sql
from tests.ingest.backfill.test_lost_callbacks import all_after_the_answer, child_end
from tests.ingest.deliveries import ACCOUNT
from tests.ingest.twilio_api import knowing, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def twilio(settings, empty_log):  # noqa: F811
    with serving() as api:
        settings.TWILIO_API_BASE_URL = api.url
        settings.TWILIO_ACCOUNTS = {ACCOUNT: ["token"]}
        api.tokens = {"token"}
        yield api
    sql("DELETE FROM call")
    sql("DELETE FROM trace_ref")


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """What the projection asks for is done at once by the task that ingest has for it."""
    asked = []

    def send(name, kwargs, retry):
        assert retry is False
        if name == AskTwilio.TASK:
            asked.append((kwargs["step"], kwargs["attempt"]))
            ask_twilio(**kwargs)

    monkeypatch.setattr(current_app._get_current_object(), "send_task", send)
    return asked


def happened(twilio, lost):
    """The founding call ended just now, without what was lost. Its end, in Unix seconds."""
    call = moved_to_now(load("founding_call"), None)
    knowing(call, twilio)
    losing = lost(call)
    append([d for each in call.deliveries if not losing(each) for d in normalise(each)])
    project()
    return scenarios.ended_at(call)


def project():
    projector.project([trace for (trace,) in sql("SELECT trace_id FROM log.head WHERE version > done")])


def look(monkeypatch, ended, seconds):
    """Beat looks so long after the call's end, and what came of it is projected."""
    monkeypatch.setattr(tasks.time, "time", lambda: ended + seconds)
    tasks.ask_twilio()
    project()


def child():
    [(status, inferred)] = sql("SELECT child_status, flags @> ARRAY['incomplete'] FROM call")
    return status, inferred


def test_a_lost_end_is_asked_for_once_and_the_call_is_whole(monkeypatch, twilio, sent):
    ended = happened(twilio, child_end)
    assert child() == ("completed", True)
    look(monkeypatch, ended, 25)
    assert sent == []
    look(monkeypatch, ended, 35)
    look(monkeypatch, ended, 45)
    assert sent == [("parent_ended", 1)]
    assert child() == ("completed", False)
    found = "SELECT facts ->> 'step', facts ->> 'found' FROM log.event WHERE type = 'twilio.asked'"
    assert sql(found) == [("parent_ended", "1")]


def test_later_it_asks_for_insights_and_events(monkeypatch, twilio, sent):
    ended = happened(twilio, all_after_the_answer)
    for minute in range(1, 60):
        look(monkeypatch, ended, minute * 60)
    names = [step for step, _ in sent]
    assert names == ["dial_ended", "insights_partial", "events", "insights"]


def test_what_failed_is_asked_for_again_and_then_no_more(monkeypatch, twilio, sent):
    twilio.fault = lambda path, times: (403, {"code": 20003}, {})
    ended = happened(twilio, child_end)
    for second in range(30, 600, 10):
        look(monkeypatch, ended, second)
    assert {step for step, _ in sent} == {"parent_ended", "dial_ended"}
    [(failure,)] = sql("SELECT document #>> '{backfill,asked,-1,failure}' FROM call")
    assert "answered 403" in failure
    details = sql("SELECT document -> 'source_details' -> 'child_callbacks' ->> 'why' FROM call")[0][0]
    assert "Twilio's API was asked" in details and "answered 403" in details


def test_an_erased_call_is_not_asked_about(monkeypatch, twilio, sent):
    ended = happened(twilio, child_end)
    sql("UPDATE log.call_key SET wrapped = NULL, destroyed_at = now()")
    look(monkeypatch, ended, 35)
    assert twilio.requests == []
    assert sql("SELECT count(*) FROM log.event WHERE type = 'twilio.asked'") == [(0,)]


def test_a_call_of_long_ago_and_the_demos_calls_are_left_to_the_command(monkeypatch, twilio, sent, settings):
    ended = happened(twilio, child_end)
    look(monkeypatch, ended, 2 * 86_400)
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:8000/demo/twilio"
    look(monkeypatch, ended, 35)
    assert sent == []


def test_a_request_that_is_under_way_is_not_made_twice(twilio):
    leg = scenarios.leg(load("founding_call"))
    with Redis.from_url(configured.REDIS_URL) as redis:
        redis.set(f"{CLAIM}{leg}:events:1", "1", ex=5)
        ask_twilio(account_sid=ACCOUNT, legs=[leg], step="events", attempt=1)
        redis.delete(f"{CLAIM}{leg}:events:1")
    assert twilio.requests == []


@pytest.mark.parametrize(
    "asked",
    [
        {"account_sid": "AC1", "legs": ["CA" + "1" * 32], "step": "events", "attempt": 1},
        {"account_sid": "", "legs": [], "step": "events", "attempt": 1},
        {"account_sid": "", "legs": ["CA1"], "step": "events", "attempt": 1},
        {"account_sid": "", "legs": "CA" + "1" * 32, "step": "events", "attempt": 1},
        {"account_sid": "", "legs": ["CA" + "1" * 32], "step": "Events!", "attempt": 1},
        {"account_sid": "", "legs": ["CA" + "1" * 32], "step": "events", "attempt": 0},
    ],
)
def test_a_request_that_makes_no_sense_is_dropped(twilio, asked):
    ask_twilio(**asked)
    assert twilio.requests == []


def test_beat_asks_for_it():
    assert "projection.ask_twilio" in {e["task"] for e in celery.app.conf.beat_schedule.values()}
    assert configured.CELERY_TASK_ROUTES[AskTwilio.TASK] == {"queue": "recordings"}
