"""Which gaps the projection asks to have read, and when."""

from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from callstore.projection import tasks
from callstore.projection.requests import transcriptions
from callstore.requests.recordings import TranscribeGap
from tests.dashboard.documents import RECORDING, put_call
from tests.projection.facts import sid

pytestmark = pytest.mark.django_db

LEG = sid()


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """What was enqueued."""
    sent = []

    def send(name, kwargs, retry):
        sent.append((name, kwargs))

    monkeypatch.setattr(current_app._get_current_object(), "send_task", send)
    return sent


def gap(start=10.0, end=14.0, words=(), recording=RECORDING):
    return {
        "start_s": start,
        "end_s": end,
        "kind": "not_heard",
        "words": list(words),
        "recording": recording,
        "recording_channel": 1,
        "recording_start_s": start - 2 if recording else None,
        "recording_end_s": end - 2 if recording else None,
    }


def call(*gaps, flags=("truncated", "suspicious"), age=timedelta(hours=1)):
    put_call(
        started_at=(datetime.now(UTC) - age).isoformat(),
        flags=list(flags),
        gaps=list(gaps),
        recordings=[{"recording": RECORDING, "leg": LEG, "state": "present"}],
    )


def test_a_gap_whose_recording_was_removed_is_not_asked_for(asked, settings):
    settings.TRANSCRIBE_TAIL = True
    entry = {"recording": RECORDING, "leg": LEG, "state": "present", "removed_at": "2026-11-01T00:00:00Z"}
    put_call(
        started_at=datetime.now(UTC).isoformat(),
        flags=["truncated", "suspicious"],
        gaps=[gap()],
        recordings=[entry],
    )
    tasks.sweep()
    assert asked == []


def test_a_gap_is_asked_for_by_where_it_lies_in_the_recording(asked, settings):
    settings.TRANSCRIBE_TAIL = True
    call(gap())
    tasks.sweep()
    request = TranscribeGap(LEG, RECORDING, start_s=8.0, end_s=12.0, channel=1)
    assert asked == [(TranscribeGap.TASK, request.arguments())]


def test_nothing_is_asked_for_where_it_is_switched_off(asked, settings):
    settings.TRANSCRIBE_TAIL = False
    call(gap())
    tasks.sweep()
    assert asked == []


def test_what_twilio_heard_does_not_take_the_place_of_a_reading_but_a_reading_does():
    heard, read = {"track": "inbound_track"}, {"track": "recording"}
    call(gap(words=[heard]), gap(20.0, 24.0, words=[heard, read]))
    assert [gap.start_s for gap in transcriptions.unread()] == [8.0]


@pytest.mark.parametrize(
    ("one", "more"),
    [
        (gap(10.0, 11.0), {}),
        (gap(recording=None), {}),
        (gap(recording="RE" + "9" * 32), {}),
        (gap(), {"flags": ("live", "suspicious")}),
        (gap(), {"flags": ()}),
        (gap(), {"age": timedelta(days=3)}),
    ],
    ids=["short", "no recording", "of another", "live", "nothing odd", "old"],
)
def test_what_is_not_worth_a_reading_is_not_asked_for(one, more):
    call(one, **more)
    assert transcriptions.unread() == []


def test_without_a_broker_the_sweep_goes_on_and_asks_again_later(settings, monkeypatch):
    tried = []

    def refuse(name, kwargs, **_):
        tried.append(kwargs["start_s"])
        raise OperationalError

    settings.TRANSCRIBE_TAIL = True
    monkeypatch.setattr(current_app._get_current_object(), "send_task", refuse)
    call(gap(), gap(20.0, 24.0))
    tasks.sweep()
    assert tried == [8.0, 18.0]
    assert [tail.start_s for tail in transcriptions.unread()] == tried


def test_calls_of_an_older_shape_ask_for_nothing():
    call({"start_s": 10.0, "end_s": 14.0, "kind": "not_heard"})
    assert transcriptions.unread() == []
