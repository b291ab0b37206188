"""What is told again leaves nothing in the log, and is counted all the same."""

from collections import Counter
from dataclasses import replace
from time import time

import pytest

from ingest.arrivals import repeats
from ingest.dialects.app import bodies
from ingest.dialects.own_facts import SMOKE_TEST
from ingest.doors.receive import receive
from ingest.models import Repeat
from ingest.spool.keep import Verified, keep
from ingest.spool.spool import spool
from ingest.watch.recorder import delivery_of
from tests.ingest import deliveries as given
from tests.ingest.spool.draining import drained

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)


def now(delivery):
    return given.signed(replace(delivery, received_at=time()))


def bring(*deliveries):
    for each in deliveries:
        assert receive(now(each)).status < 300


def told_again():
    """By source."""
    found = Counter()
    for each in repeats.read():
        found[each.source] += each.times if each.what == repeats.TOLD_AGAIN else 0
    return dict(found)


def test_what_a_door_is_told_again_is_counted_by_its_source():
    call, said = given.progress(), given.event()
    bring(call, given.webhook(call_id="rtc_u1_x"), given.cloud(said))
    assert told_again() == {} and not Repeat.objects.exists()
    bring(call, call, given.cloud(said, given.event(), said))
    assert told_again() == {"twilio_callbacks": 2, "app_events": 2}


def test_what_our_own_observer_tells_again_is_its_own():
    observed = given.event("realtime.frame", {"call_id": "rtc_u1_x", "seq": 1}, source="/callstore/watch")
    for _ in range(2):
        parsed = bodies.of_elements([observed], time())
        keep([Verified(delivery_of(parsed, time()), parsed)])
    repeats.flush()
    assert told_again() == {"observer": 1}


def test_what_the_spool_brings_again_is_counted_too():
    call = given.progress()
    bring(call)
    spool().put([now(call), now(given.progress())])
    drained()
    repeats.flush()
    assert told_again() == {"twilio_callbacks": 1}


def test_what_a_test_sends_again_is_no_source_s():
    smoke = given.event(SMOKE_TEST, {"run": "one"})
    bring(given.cloud(smoke), given.cloud(smoke))
    assert told_again() == {}


def test_a_database_that_is_away_costs_a_count_and_nothing_else(monkeypatch, caplog):
    from django.db import OperationalError, connection

    def away(*_):
        raise OperationalError("it does not answer")

    repeats.fetched("recording_audio", again=True)
    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", away)
        broken.setattr(connection, "close", lambda: None)
        assert repeats.flush()
    assert "was not counted: it does not answer" in caplog.text
    assert not repeats.flush() and not Repeat.objects.exists()
