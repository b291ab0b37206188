"""Events of verdicts arrive signed, in order, at least once; what is not taken is tried for a day."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from standardwebhooks import Webhook

from callstore.alerts import targets
from callstore.alerts.channels import webhook
from callstore.outbound import deliveries, endpoints
from callstore.outbound.endpoints import BadEndpoint
from callstore.outbound.models import Delivery
from callstore.settlement.events import TYPES
from callstore.settlement.models import VerdictEvent
from tests.outbound.receiver import receiving

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 13, 12, tzinfo=UTC)


@pytest.fixture
def to():
    with receiving() as receiver:
        yield receiver


def event(call: UUID, sequence: int = 1, type: str = "verdict.settled") -> VerdictEvent:
    data = {"call_id": str(call), "sequence": sequence, "verdict": "natural_end"}
    return VerdictEvent.objects.create(call_id=call, sequence=sequence, type=type, data=data, made_at=NOW)


def sent(at: datetime = NOW) -> None:
    deliveries.spread(at)
    for endpoint in deliveries.due(at):
        deliveries.deliver(endpoint, lambda: at)


def test_an_event_is_a_cloudevent_that_the_package_of_standard_webhooks_verifies_and_is_sent_once(to):
    endpoint = endpoints.create(to.url, list(TYPES), "olga")
    call = uuid4()
    event(call)
    sent()
    sent()
    [(headers, body)] = to.received
    Webhook(endpoints.secret(endpoint)).verify(body.decode(), headers)
    assert endpoints.secret(endpoint) != webhook.secret()
    [told] = to.events
    assert (told["type"], told["subject"], told["sequence"]) == ("verdict.settled", str(call), "00000001")
    assert headers["Content-Type"] == "application/cloudevents+json"


def test_what_one_call_awaits_holds_up_its_later_events_and_no_other_calls(to):
    endpoints.create(to.url, list(TYPES), "olga")
    stuck, other = uuid4(), uuid4()
    for call, sequence in ((stuck, 1), (stuck, 2), (other, 1)):
        event(call, sequence)
    to.answer = lambda told: 500 if told["subject"] == str(stuck) else 204
    sent()
    first = [(told["subject"], told["sequence"][-1]) for told in to.events]
    assert first == [(str(stuck), "1"), (str(other), "1")]
    to.answer = lambda told: 204
    sent(NOW + timedelta(minutes=1))
    assert [told["sequence"][-1] for told in to.events[2:]] == ["1", "2"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_refusal_and_a_redirect_are_tried_again_and_given_up_after_a_day(to, status, capsys):
    endpoints.create(to.url, list(TYPES), "olga")
    event(uuid4())
    to.answer = lambda told: status
    at = NOW
    while Delivery.objects.filter(next_at__isnull=False).exists() or at == NOW:
        sent(at)
        at += timedelta(minutes=30)
    assert timedelta(hours=22) < at - NOW < timedelta(hours=26)
    assert {headers["webhook-id"] for headers, _ in to.received} == {to.events[0]["id"]}
    [dead] = deliveries.given_up()
    assert str(status) in dead.error and 20 < dead.attempts == len(to.received)
    call_command("dead_letters")
    assert f"{dead.pk}  " in capsys.readouterr().out
    to.answer = lambda told: 204
    call_command("dead_letters", "--replay", str(dead.pk))
    sent(datetime.now(UTC))
    assert not deliveries.given_up() and Delivery.objects.get().sent_at


def test_who_hangs_or_drips_is_left_and_not_asked_again_in_the_same_round(to, monkeypatch):
    endpoints.create(to.url, list(TYPES), "olga")
    for _ in range(3):
        event(uuid4())
    monkeypatch.setattr(webhook, "ANSWERED_WITHIN_S", 0.5)
    to.drips = True
    sent()
    assert len(to.received) == 1
    assert "webhook" in (Delivery.objects.exclude(error=None).get().error or "")


def test_what_a_killed_process_had_in_hand_is_sent_again(to):
    endpoint = endpoints.create(to.url, list(TYPES), "olga")
    event(uuid4())
    deliveries.spread(NOW)
    assert deliveries._taken(endpoint.pk, NOW)  # and killed
    sent(NOW)
    assert to.received == []
    sent(NOW + deliveries.LEASE)
    assert len(to.received) == 1


def test_a_paused_endpoint_is_told_nothing_and_of_one_kind_only_what_it_asked_for(to):
    one = endpoints.create(to.url, ["verdict.changed"], "olga")
    call = uuid4()
    event(call)
    event(call, 2, "verdict.changed")
    sent()
    assert [told["type"] for told in to.events] == ["verdict.changed"]
    one.enabled = False
    one.save()
    event(call, 3, "verdict.changed")
    sent()
    assert len(to.received) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "mailto:a@example.com",
        "https://u:p@example.com/",
        "http://0xa9fea9fe/",
    ],
)
def test_an_endpoint_leads_to_no_place_where_clouds_keep_credentials(url):
    with pytest.raises(BadEndpoint):
        endpoints.create(url, list(TYPES), "olga")


def test_a_name_that_leads_there_later_is_left_before_a_word_is_said(to, monkeypatch):
    from ipaddress import ip_network

    endpoints.create(to.url, list(TYPES), "olga")
    event(uuid4())
    monkeypatch.setattr(targets, "REFUSED", (ip_network("127.0.0.0/8"),))
    sent()
    assert to.received == [] and "link-local" in (Delivery.objects.get().error or "")


def test_what_is_old_and_waits_for_nobody_is_forgotten(to):
    event(uuid4())
    deliveries.spread(NOW)
    deliveries.trim(NOW)
    assert not VerdictEvent.objects.exists()  # nobody was told
    endpoints.create(to.url, list(TYPES), "olga")
    event(uuid4())
    sent()
    deliveries.trim(NOW + timedelta(days=29))
    assert VerdictEvent.objects.exists()
    deliveries.trim(NOW + timedelta(days=31))
    assert not VerdictEvent.objects.exists()
