"""What a demo shows: the founding call as it was, and a day around now that is brought once."""

import time

import pytest
from django.core.management import CommandError, call_command

from callstore.eventlog.reading import read
from callstore.rehearsal.demo import fill
from callstore.rehearsal.scenarios import scenario as scenarios
from tests.ingest import deliveries as given

pytestmark = pytest.mark.django_db

FOUNDING = "twilio:CA329fe673c51597665e18e89870ebf709"


@pytest.fixture(autouse=True)
def small(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(fill, "CALLS", 3)


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
    assert len({call.name for call in moved}) == 9
    for call in moved:
        assert time.time() - 86_400 < scenarios.ended_at(call) < time.time() - 1800
        assert max(d.received_at for d in call.deliveries) < time.time()
        assert scenarios.leg(call) != scenarios.leg(scenarios.load(call.name))
    assert [scenarios.leg(c) for c in fill._recorded()] == [scenarios.leg(c) for c in moved]


def test_a_day_is_brought_once_and_what_was_left_out_is_completed(monkeypatch):
    monkeypatch.setattr(fill, "CALLS", 2)
    assert fill.a_day() == 2
    assert fill.a_day() == 0
    monkeypatch.setattr(fill, "CALLS", 4)
    assert fill.a_day() == 2
    assert all(read.trace_of(f"twilio:{scenarios.leg(call)}") for call in fill._recorded())


def test_an_instance_that_is_no_demo_is_left_alone(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="no demo"):
        call_command("fill_demo")
    assert read.trace_of(FOUNDING) is None
