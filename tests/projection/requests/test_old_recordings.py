"""Which recordings are asked to be removed, and when."""

from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app

from callstore.projection import tasks
from callstore.projection.requests import old_recordings
from callstore.requests.recordings import RemoveRecording
from tests.dashboard.documents import put_call
from tests.projection.facts import sid

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)


def call(days, *, removed=False, recorded=True):
    """A call that began so many days ago; the recording that is kept of it."""
    recording, leg = "RE" + sid()[2:], sid()
    entry = {"recording": recording, "leg": leg, "media": None if removed else f"{recording}.wav"}
    put_call(started_at=(NOW - timedelta(days=days)).isoformat(), recordings=[entry] if recorded else [])
    return RemoveRecording(leg, recording, 30)


def test_of_calls_older_than_that_the_recordings_that_are_kept_go_the_oldest_first():
    old, older = call(31), call(90)
    call(29), call(31, removed=True), call(31, recorded=False)
    assert old_recordings.Walk().round(30, NOW) == [older, old]


def test_all_calls_are_looked_at_whatever_fits_into_one_statement(monkeypatch):
    monkeypatch.setattr(old_recordings, "LOOKED_AT", 2)
    call(120, removed=True), call(110, recorded=False), call(100, removed=True)
    some = [call(days) for days in (90, 80, 70)]
    assert old_recordings.Walk().round(30, NOW) == some


def test_what_is_asked_for_in_vain_is_asked_for_again_and_what_comes_late_is_found():
    walk = old_recordings.Walk()
    old = call(90)
    assert walk.round(30, NOW) == walk.round(30, NOW) == [old]
    assert walk.round(100, NOW) == []
    late = call(101)
    assert walk.round(100, NOW) == [RemoveRecording(late.leg, late.recording, 100)]


def test_a_round_has_its_bound_and_what_is_asked_for_in_vain_keeps_no_other_waiting(monkeypatch):
    monkeypatch.setattr(old_recordings, "AT_ONCE", 2)
    monkeypatch.setattr(old_recordings, "LOOKED_AT", 2)
    walk = old_recordings.Walk()
    some = [call(days) for days in (90, 80, 70)]
    assert [walk.round(30, NOW) for _ in range(3)] == [some[:2], some[2:], some[:2]]


def test_recordings_are_removed_only_where_that_is_set(monkeypatch, settings):
    sent = []
    send = lambda name, kwargs, retry: sent.append((name, kwargs))  # noqa: E731
    monkeypatch.setattr(current_app._get_current_object(), "send_task", send)
    monkeypatch.setattr(tasks, "_old", old_recordings.Walk())
    old = call(31)
    settings.RECORDING_RETENTION_DAYS = None
    tasks.remove_recordings()
    assert sent == []
    settings.RECORDING_RETENTION_DAYS = 30
    tasks.remove_recordings()
    assert sent == [(RemoveRecording.TASK, old.arguments())]
