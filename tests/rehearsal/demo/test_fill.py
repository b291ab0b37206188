"""What a demo shows: the founding call as it was, and a day around now that is brought once."""

import time

import pytest
from django.core.management import CommandError, call_command

from callstore.domain.facts import ids
from callstore.eventlog.reading import read
from callstore.rehearsal.demo import fill, spoken_calls
from callstore.rehearsal.scenarios import scenario as scenarios
from callstore.rehearsal.scenarios.scenario import LIBRARY
from tests.ingest import deliveries as given

pytestmark = pytest.mark.django_db

FOUNDING = "twilio:CA329fe673c51597665e18e89870ebf709"


@pytest.fixture(autouse=True)
def small(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(fill, "CALLS", 3)
    monkeypatch.setattr(spoken_calls, "WITH_RECORDINGS", 0)


def original(name):
    folders = [of / name for of in (LIBRARY, fill.REPORTED)]
    return scenarios.load(next(folder for folder in folders if folder.is_dir()))


def subjects(call):
    return {d.subject for d in scenarios.drafts(call) if ids.is_of_a_call(d.subject)}


def test_the_founding_call_keeps_its_times_and_has_its_recording(settings):
    fill.founding_call()
    fill.founding_call()
    found = read.records([read.trace_of(FOUNDING)])
    assert {r.received_at for r in found} <= {
        d.received_at for d in scenarios.load("founding_call").deliveries
    }
    [media] = (settings.DATA_DIR / "demo-media" / given.ACCOUNT).iterdir()
    assert media.name == "REb49bdf64a946ce448b005dd9c3839ef7.wav" and media.stat().st_size == 928_040


def test_the_other_recorded_calls_lie_in_the_last_day_with_ids_of_their_own():
    moved = list(fill._recorded())
    assert len({call.name for call in moved}) == 12 + 12
    for call in moved:
        assert time.time() - 86_400 < scenarios.ended_at(call) < time.time() - 1800
        assert max(d.received_at for d in call.deliveries) < time.time()
        assert not subjects(call) & (subjects(original(call.name)))
    assert [subjects(c) for c in fill._recorded()] == [subjects(c) for c in moved]


def test_a_day_is_brought_once_and_what_was_left_out_is_completed(monkeypatch):
    monkeypatch.setattr(fill, "CALLS", 2)
    assert fill.a_day() == 2
    assert fill.a_day() == 0
    monkeypatch.setattr(fill, "CALLS", 4)
    assert fill.a_day() == 2
    assert all(any(map(read.trace_of, subjects(call))) for call in fill._recorded())


def test_spoken_calls_come_with_their_recordings_and_once(settings, monkeypatch):
    monkeypatch.setattr(spoken_calls, "WITH_RECORDINGS", 2)
    fill.a_day()
    media = settings.DATA_DIR / "demo-media" / given.ACCOUNT
    spoken = [drawn for drawn in spoken_calls.scenes() if drawn.recorded]
    assert len(spoken) == 2 and all(read.trace_of(f"twilio:{d.played.legs.parent}") for d in spoken)
    before = {path.name: path.stat().st_mtime_ns for path in media.iterdir()}
    fill.a_day()
    assert {path.name: path.stat().st_mtime_ns for path in media.iterdir()} == before


def test_an_instance_that_is_no_demo_is_left_alone(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="no demo"):
        call_command("fill_demo")
    assert read.trace_of(FOUNDING) is None
