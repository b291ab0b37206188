"""What came is counted of the log, each fact once, whoever counts and whenever somebody reads."""

from collections import Counter
from dataclasses import replace
from time import time

import pytest

from ingest.arrivals import counts
from ingest.doors.receive import receive
from ingest.models import Arrival
from tests.ingest import deliveries as given

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _configured(settings, monkeypatch):
    given.configured(settings)
    monkeypatch.setattr(counts, "PAGE", 2)  # so that a round takes several


def bring(*deliveries):
    for each in deliveries:
        assert receive(given.signed(replace(each, received_at=time()))).status < 300


@pytest.fixture
def told():
    """How many facts of each source came since the test began: the log keeps those of other tests."""

    def now():
        found = Counter()
        for each in counts.read():
            found[each.source] += each.facts
        return found

    counts.count()
    before = now()
    return lambda: dict(now() - before)


def test_each_fact_is_counted_once_before_and_after_beat_has_counted(told):
    call = given.progress()
    observed = given.event("realtime.frame", {"call_id": "rtc_u1_x", "seq": 1}, source="/callstore/watch")
    bring(
        call, call, given.progress(), given.webhook(call_id="rtc_u1_x"), given.cloud(given.event(), observed)
    )
    bring(given.form("/hooks/twilio/recording", CallSid=given.sid(), RecordingSid=given.sid("RE"),
                     RecordingStatus="completed", RecordingDuration="4"))  # fmt: skip
    once = {
        "twilio_callbacks": 2,
        "openai_webhook": 1,
        "app_events": 1,
        "observer": 1,
        "twilio_recordings": 1,
    }
    assert told() == once
    assert counts.count() == 3 and counts.count() == 0
    assert told() == once
    bring(given.progress())
    assert told() == once | {"twilio_callbacks": 3}


def test_what_came_long_ago_is_passed_over_and_forgotten(told):
    assert receive(given.signed(given.progress())).status < 300  # received in April
    assert counts.count() == 1 and told() == {}
    bring(given.progress())
    counts.count()
    Arrival.objects.update(slot="2026-04-01T00:00:00Z")
    counts.count()
    assert not Arrival.objects.exists()
