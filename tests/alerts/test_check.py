"""An alert fires once, is quiet as long as was said, resolves, and never stops another alert."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callstore import celery
from callstore.alerts import keeping, tasks
from callstore.alerts.check import check
from callstore.alerts.models import Firing, Message
from callstore.alerts.terms import Terms
from ingest.doors.receive import receive
from ingest.models import Arrival
from tests.alerts.test_outbox import receiver
from tests.dashboard.documents import put_call
from tests.ingest import deliveries as given

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 13, 12, tzinfo=UTC)
HOOK = "https://hooks.example.com/callstore"
TWO_CUT = Terms("Cut off", "is:truncated", threshold=2, targets=[HOOK])


def minutes(count):
    return timedelta(minutes=count)


def cut(before, **fields):
    at = NOW - minutes(before)
    fields = {"flags": ["truncated"], "verdict": "ai_silent_first", **fields}
    return put_call(started_at=at.isoformat(), ended_at=(at + minutes(1)).isoformat(), **fields)


def kinds():
    return list(Message.objects.order_by("id").values_list("kind", flat=True))


def test_an_alert_fires_at_its_threshold_once_and_resolves_below_it():
    alert = keeping.create(TWO_CUT, "olga")
    cut(5)
    check(NOW)
    assert kinds() == []
    newest = cut(3)
    check(NOW)
    check(NOW + minutes(1))
    assert kinds() == ["fired"]
    fired = Message.objects.get()
    assert fired.subject == "Cut off: 2 calls" and fired.target == HOOK
    assert fired.facts["calls"][0]["call_id"] == str(newest)
    assert "from=2026-04-13T11%3A45%3A00Z&to=2026-04-13T12%3A00%3A00Z" in fired.facts["list"]
    check(NOW + minutes(20))
    assert kinds() == ["fired", "resolved"]
    assert len(set(Message.objects.values_list("key", flat=True))) == 1
    [firing] = keeping.history(alert)
    assert (firing.at, firing.resolved_at, firing.found) == (NOW, NOW + minutes(20), 2)


def test_what_fires_again_in_the_quiet_time_is_told_when_it_is_over_if_it_still_fires():
    keeping.create(TWO_CUT._replace(quiet_s=3600), "olga")
    cut(5), cut(3)
    check(NOW)
    check(NOW + minutes(20))
    cut(-25), cut(-26)
    check(NOW + minutes(30))
    assert kinds() == ["fired", "resolved"]
    check(NOW + minutes(45))  # over, and nobody was told that it began
    assert kinds() == ["fired", "resolved"]
    cut(-55), cut(-56)
    check(NOW + minutes(59))
    assert kinds() == ["fired", "resolved"]
    check(NOW + minutes(61))
    assert kinds() == ["fired", "resolved", "fired"]
    assert [bool(each.told_at) for each in Firing.objects.order_by("at")] == [True, False, True]


def test_a_share_is_of_the_calls_in_the_window_and_says_nothing_of_few():
    share = TWO_CUT._replace(kind="share", threshold=0.5, least=4)
    alert = keeping.create(share, "olga")
    for before in (2, 3, 4):
        cut(before)
    check(NOW)
    alert.refresh_from_db()
    assert alert.value is None and kinds() == []
    cut(5, flags=[])
    check(NOW)
    assert Message.objects.get().subject == "Cut off: 75.0% of calls (3 of 4)"


def test_a_call_that_began_before_the_window_and_ran_into_it_counts():
    keeping.create(TWO_CUT._replace(threshold=1), "olga")
    cut(15.5)
    check(NOW)
    assert kinds() == ["fired"]


def test_an_alert_that_cannot_be_asked_says_why_and_stops_no_other():
    broken = keeping.create(TWO_CUT._replace(name="A broken one"), "olga")
    type(broken).objects.filter(id=broken.id).update(q="gone_key:1")
    keeping.create(TWO_CUT._replace(threshold=1), "olga")
    cut(3)
    check(NOW)
    broken.refresh_from_db()
    assert "gone_key" in broken.problem and kinds() == ["fired"]


@pytest.mark.parametrize("end", ["disabled", "changed", "deleted"])
def test_what_fires_when_its_alert_ends_is_resolved_for_those_who_were_told(end):
    alert = keeping.create(TWO_CUT._replace(threshold=1), "olga")
    cut(3)
    check(NOW)
    if end == "deleted":
        keeping.delete(alert)
    else:
        keeping.change(alert, TWO_CUT._replace(enabled=end != "disabled", threshold=7))
    assert kinds() == ["fired", "resolved"]
    check(NOW)
    assert kinds() == ["fired", "resolved"]


def test_who_is_told_changes_without_an_end():
    alert = keeping.create(TWO_CUT._replace(threshold=1), "olga")
    cut(3)
    check(NOW)
    keeping.change(alert, keeping.terms(alert)._replace(targets=[HOOK + "/other"]))
    check(NOW + minutes(20))
    assert list(Message.objects.order_by("id").values_list("kind", "target")) == [
        ("fired", HOOK),
        ("resolved", HOOK + "/other"),
    ]


def test_nothing_of_what_was_said_and_no_number_is_in_a_message():
    keeping.create(TWO_CUT._replace(threshold=1), "olga")
    cut(3, **{"from": "+81355500123", "last_caller_transcript": "my card is 4111"})
    check(NOW)
    told = Message.objects.get()
    assert "81355500123" not in told.body + str(told.facts) and "4111" not in told.body + str(told.facts)


def test_a_source_that_is_silent_against_its_own_hour_is_told_until_it_speaks(settings):
    given.configured(settings)
    settings.STATUS_FEEDS = []
    now = datetime.now(UTC)
    for day in range(1, 8):
        at = now - timedelta(days=day)
        slot = at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0)
        Arrival.objects.create(source="twilio_callbacks", slot=slot, late=0, count=30, unknown=0, last_at=at)
    any_source = Terms("Any", kind="silence", targets=[HOOK])
    mine, other = (
        any_source._replace(name=f"Of {each}", source=each) for each in ("twilio_callbacks", "app_events")
    )
    for terms in (any_source, mine, other):
        keeping.create(terms, "olga")
    check(now)
    assert sorted(Message.objects.values_list("subject", flat=True)) == [
        "Any: silent: Twilio callbacks",
        "Of twilio_callbacks: silent: Twilio callbacks",
    ]
    assert "on the mean 30 came in this hour of the " in Message.objects.first().body
    taken = receive(replace(given.signed(given.progress()), received_at=time.time()))
    assert taken.status == 204
    check(now + minutes(1))
    assert kinds() == ["fired", "fired", "resolved", "resolved"]


def test_beat_has_every_alert_asked_each_minute_and_what_is_found_sent_at_once(monkeypatch):
    entry = celery.app.conf.beat_schedule["check the alerts"]
    assert (entry["task"], entry["schedule"]) == (tasks.check_alerts.name, 60.0)
    monkeypatch.setattr(tasks.deliver_messages, "delay", tasks.deliver_messages)  # as the fetcher takes it up
    with receiver() as (url, received):
        keeping.create(Terms("Cut off", "is:truncated", threshold=1, targets=[url]), "olga")
        at = (datetime.now(UTC) - minutes(1)).isoformat()
        put_call(started_at=at, ended_at=at, flags=["truncated"])
        tasks.check_alerts()
    [(_, body)] = received
    assert json.loads(body)["type"] == "alert.fired" and Message.objects.get().sent_at
