from dataclasses import replace

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from callstore.domain.facts.events import RecordingFailed, SessionClosed, SessionConfigured
from callstore.projection import tasks
from callstore.requests.recordings import FetchRecording, FetchSessionRecording
from tests.projection.facts import ACCOUNT, fact, keep, recorded, sid, sql, status

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """The fetches that were asked for, as the fetcher reads them."""
    sent = []

    def send(name, kwargs, retry):
        kind = FetchSessionRecording if name == FetchSessionRecording.TASK else FetchRecording
        assert name == kind.TASK and retry is False
        sent.append(kind.parse((), kwargs))

    monkeypatch.setattr(current_app._get_current_object(), "send_task", send)
    return sent


def project(traces):
    tasks.project([str(trace) for trace in traces])


def test_a_complete_recording_is_asked_for_once(asked):
    leg, recording = sid(), sid("RE")
    traces = keep(status(leg, "completed"), recorded(leg, recording))
    project(traces)
    [request] = asked
    assert (request.account_sid, request.leg, request.recording) == (ACCOUNT, leg, recording)
    assert request.url.endswith(f"/Recordings/{recording}")
    keep(status(leg, "in-progress"))
    project(traces)
    tasks.sweep()
    assert len(asked) == 1


def test_a_recording_is_asked_for_in_the_name_of_who_proved_it_whatever_its_url_says(asked):
    leg, ours = sid(), "AC" + "1" * 32
    draft = recorded(leg, sid("RE"))
    project(keep(replace(draft, event=replace(draft.event, account=ACCOUNT, proved_by=ours))))
    [request] = asked
    assert ACCOUNT in request.url and request.account_sid == ours


def test_a_fetch_that_was_lost_is_asked_for_again_and_ever_more_rarely(asked):
    leg = sid()
    project(keep(recorded(leg, sid("RE"))))
    sql("UPDATE call SET saved_at = saved_at - interval '5 min', fetch_at = now() - interval '1 s'")
    tasks.sweep()
    tasks.sweep()
    assert len(asked) == 2
    assert sql("SELECT round(extract(epoch FROM fetch_at - now())) FROM call") == [(300,)]


def test_what_was_given_up_for_good_is_not_asked_for(asked):
    leg, recording = sid(), sid("RE")
    gone = RecordingFailed(recording=recording, reason="deleted", permanent=True)
    project(keep(recorded(leg, recording), fact(f"twilio:{leg}", gone, at=30, source="audio")))
    sql("UPDATE call SET fetch_at = fetch_at - interval '1 day'")
    tasks.sweep()
    assert asked == []


@pytest.mark.parametrize(("key", "stored", "over"), [(1, 1, 1), (0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_what_openai_keeps_of_a_session_is_asked_for_when_it_is_over(asked, settings, key, stored, over):
    settings.OPENAI_API_KEY = "key" if key else ""
    session = f"live_{sid()[2:]}"
    frame = {"connection": "c", "kind": "session.started"}
    told = [SessionConfigured(**frame, session=session, stored=bool(stored))]
    if over:
        told.append(SessionClosed(connection="c", kind="session.closed", reason="remote_hangup"))
    project(keep(*(fact(f"openai:{session}", event) for event in told)))
    assert asked == ([FetchSessionRecording(session)] if key and stored and over else [])


def test_without_a_broker_the_call_is_saved_and_the_sweep_asks_later(asked, monkeypatch):
    def refuse(*_, **__):
        raise OperationalError

    leg = sid()
    with monkeypatch.context() as broken:
        broken.setattr(current_app._get_current_object(), "send_task", refuse)
        project(keep(recorded(leg, sid("RE"))))
    sql("UPDATE call SET fetch_at = fetch_at - interval '1 min'")
    tasks.sweep()
    assert len(asked) == 1
