"""What came oddly is counted with its source, and leads to the events that prove it."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from time import time

import pytest

from callstore.domain.facts.clock import iso
from callstore.health.sources import odd
from ingest.arrivals import counts
from ingest.doors.receive import receive
from ingest.models import Oddity
from tests.ingest import deliveries as given

pytestmark = pytest.mark.django_db(transaction=True)
ODD = ("unknown", "ahead", "disordered")


@pytest.fixture(autouse=True)
def _configured(settings):
    given.configured(settings)
    counts.count()
    Oddity.objects.all().delete()


def bring(delivery, came):
    assert receive(given.signed(replace(delivery, received_at=came))).status < 300


@pytest.fixture
def came():
    """How many facts of a source came since the test began, and how many of them how oddly."""

    def now():
        found = Counter()
        for each in counts.read():
            found[each.source, "came"] += each.facts
            found[each.source, "unknown"] += each.unknown
            found[each.source, "disordered"] += each.disordered
            found[each.source, "ahead"] += each.facts if each.late < 0 else 0
        return found

    before = now()

    def told(source):
        new = now() - before
        return {what: new[source, what] for what in ("came", *ODD) if new[source, what]}

    return told


def status(leg, number, happened, came):
    form = given.progress(
        CallSid=leg, SequenceNumber=str(number), CallStatus="ringing" if number else "initiated",
        Timestamp=formatdate(happened),
    )  # fmt: skip
    bring(form, came)


def test_a_callback_that_came_after_a_later_one_is_out_of_order_and_shown_whoever_counted_before(came):
    now, leg = time(), given.sid()
    status(leg, 2, now - 10, now - 9)
    counts.count()
    status(leg, 1, now - 20, now - 8)
    assert came("twilio_callbacks") == {"came": 2, "disordered": 1}
    [event] = odd("twilio_callbacks", "disordered")  # before beat has counted it
    counts.count()
    assert came("twilio_callbacks") == {"came": 2, "disordered": 1}
    assert odd("twilio_callbacks", "disordered") == [event]
    assert (event["subject"], event["sequence"]) == (f"twilio:{leg}", 1) and leg in event["body"]
    assert odd("twilio_callbacks", "ahead") == odd("openai_webhook", "disordered") == []


def test_whole_seconds_put_nothing_out_of_order_that_may_have_been_in_it(came):
    now, leg = time() // 1 + 0.2, given.sid()
    status(leg, 2, now - 10, now - 9)
    status(leg, 1, now - 10.5, now - 8)  # cut to the second before
    assert came("twilio_callbacks") == {"came": 2}


def test_within_one_delivery_no_fact_is_out_of_order_and_between_two_it_is(came):
    now = time()

    def said(at):
        return given.event(time=iso(at), subject=f"twilio:{leg}")

    leg = given.sid()
    bring(given.cloud(said(now - 1), said(now - 5)), now - 0.5)
    assert came("app_events") == {"came": 2}
    bring(given.cloud(said(now - 4)), now)
    assert came("app_events") == {"came": 3, "disordered": 1}


def test_a_clock_ahead_of_ours_leads_to_what_it_stamped_whoever_it_tells_of(came):
    now, leg = time(), given.sid()
    asked = {"CallSid": leg, "CallStatus": "ringing", "AccountSid": given.ACCOUNT}
    exchange = {"url": given.BASE + "/voice", "params": asked, "status": 200, "response": "<Response/>"}
    told = given.event("twilio.exchange", exchange, time=iso(now + 20), subject=f"twilio:{leg}")
    bring(given.cloud(told), now)
    found = came("app_events")
    assert found["ahead"] == found["came"] > 1 and came("twilio_callbacks") == {}
    assert {event["clock"] for event in odd("app_events", "ahead")} == {"app"}
    assert len(odd("app_events", "ahead")) == found["ahead"]


def test_an_unknown_kind_leads_to_its_delivery_though_it_is_of_no_call(came):
    bring(given.webhook("dream.began", headers=(), id="nothing"), time())
    assert came("openai_webhook") == {"came": 1, "unknown": 1}
    [event] = odd("openai_webhook", "unknown")
    assert event["type"] == "unrecognised" and "dream.began" in event["body"]


def test_of_what_came_oddly_the_last_of_a_day_is_kept(came, monkeypatch):
    now, leg = time(), given.sid()
    for number in range(25):
        status(leg, number, now + 100 + number, now + number / 100)
    counts.count()
    kept = odd("twilio_callbacks", "ahead")
    assert [event["sequence"] for event in kept] == [*range(24, 4, -1)] and came("twilio_callbacks")[
        "ahead"
    ] == 25
    Oddity.objects.update(slot=datetime.now(UTC) - timedelta(days=2))
    assert odd("twilio_callbacks", "ahead") == []
    counts.count()
    assert not Oddity.objects.exists()
