"""A call that everybody forgot is closed by beat, through the log, and reopens when news comes."""

import pytest
from celery import current_app

from callstore import celery
from callstore.projection import projector, tasks
from callstore.requests.overdue import CloseOverdue
from ingest.overdue.tasks import close_overdue
from tests.projection.facts import BEGAN, keep, offered, rtc, sid, sql, status

pytestmark = pytest.mark.django_db

HOUR = 3600.0


@pytest.fixture(autouse=True)
def delivered(monkeypatch):
    """What the projection asks for is done at once by the task that ingest has for it."""
    asked = []

    def send(name, kwargs, retry):
        assert name == CloseOverdue.TASK and retry is False
        asked.append(kwargs)
        close_overdue(**kwargs)

    monkeypatch.setattr(current_app._get_current_object(), "send_task", send)
    return asked


def project(*drafts):
    """Keep facts and project their calls; the rows are as old as the facts."""
    projector.project(keep(*drafts))
    sql(f"UPDATE call SET saved_at = to_timestamp({max(d.received_at for d in drafts)})")


def look(monkeypatch, hours):
    """Beat looks so long after the call began, and what it entered is projected."""
    monkeypatch.setattr(tasks.time, "time", lambda: BEGAN + hours * HOUR)
    tasks.close_overdue()
    projector.project([trace for (trace,) in sql("SELECT trace_id FROM log.head WHERE version > done")])


def verdicts():
    return [verdict for (verdict,) in sql("SELECT verdict FROM call")]


def test_a_ringing_call_is_closed_after_four_hours_once_and_reopens(monkeypatch, delivered):
    leg = sid()
    project(status(leg, "ringing"))
    look(monkeypatch, 3.9)
    assert (verdicts(), delivered) == (["live"], [])
    look(monkeypatch, 4.1)
    look(monkeypatch, 4.2)
    assert verdicts() == ["inconclusive"]
    assert delivered == [{"subject": f"twilio:{leg}", "since": BEGAN + 1}]
    assert sql("SELECT document -> 'evidence_missing' ->> 0 FROM call")[0][0].startswith(f"the end of {leg}")

    project(status(leg, "in-progress", at=5 * HOUR))
    assert verdicts() == ["live"]
    look(monkeypatch, 9.1)
    assert verdicts() == ["inconclusive"]
    project(status(leg, "completed", at=10 * HOUR))
    assert verdicts() == ["caller_hung_up"]


def test_a_session_alone_is_closed_after_an_hour(monkeypatch):
    session = rtc()
    project(offered(session, sid()))
    sql("UPDATE call SET saved_at = saved_at - interval '1 s'")
    look(monkeypatch, 0.9)
    assert verdicts() == ["live"]
    look(monkeypatch, 1.1)
    assert verdicts() == ["inconclusive"]


def test_the_same_silence_asked_for_twice_is_one_fact():
    leg = sid()
    keep(status(leg, "ringing"))
    for _ in range(2):
        close_overdue(subject=f"twilio:{leg}", since=BEGAN + 1)
    assert sql("SELECT count(*) FROM log.event WHERE type = 'call.overdue'") == [(1,)]


def test_a_request_that_makes_no_sense_is_dropped():
    close_overdue(subject="twilio:RE1", since="yesterday")
    assert sql("SELECT count(*) FROM log.event WHERE type = 'call.overdue'") == [(0,)]


def test_beat_asks_for_it():
    assert "projection.close_overdue" in {e["task"] for e in celery.app.conf.beat_schedule.values()}
