"""Events on their way: given to every endpoint, sent until it takes them or a day is over, and then kept."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from callstore.alerts.channels import webhook
from callstore.alerts.channels.channel import Refused
from callstore.alerts.channels.webhook import NoAnswer
from callstore.outbound import endpoints
from callstore.outbound.models import Delivery, Endpoint
from callstore.settlement.models import VerdictEvent

log = logging.getLogger(__name__)

PAUSES_S = (30, 60, 120, 300, 900, 1800, 3600)  # after each attempt; the last one again and again
GIVEN_UP_AFTER = timedelta(hours=24)
KEPT = timedelta(days=30)  # of what was sent, and of what was given up
LEASE = timedelta(seconds=60)  # longer than an attempt takes; what a killed process had in hand is due then
AT_ONCE = 500  # events spread in a round
A_ROUND_S = 20.0
MOST_REFUSED = 3  # in a row in a round: the endpoint has a fault of its own, and others wait for this process

Now = Callable[[], datetime]


def spread(now: datetime) -> None:
    """Give each new event to the endpoints that are told of its kind, in the order of the events."""
    while True:
        with transaction.atomic():
            # Locked, so that a second process cannot give a call's later event out before its earlier one.
            told = list(Endpoint.objects.select_for_update().order_by("id"))
            events = list(
                VerdictEvent.objects.select_for_update().filter(spread_at=None).order_by("id")[:AT_ONCE]
            )
            Delivery.objects.bulk_create(
                Delivery(endpoint=each, event=event, call_id=event.call_id, made_at=now, next_at=now)
                for event in events
                for each in told
                if each.enabled and event.type in each.types
            )
            VerdictEvent.objects.filter(id__in=[event.pk for event in events]).update(spread_at=now)
        if len(events) < AT_ONCE:
            return


def due(now: datetime) -> list[int]:
    """The ids of the endpoints for which something is due."""
    found = Delivery.objects.filter(next_at__lte=now, endpoint__enabled=True).order_by()
    return sorted(found.values_list("endpoint_id", flat=True).distinct())


def deliver(endpoint: int, now: Now) -> bool:
    """Send an endpoint what is due, of each call in order; whether there was more than fits in a round.

    The round ends where it does not answer: it would be waited for again and again.
    """
    began, refused = monotonic(), 0
    while monotonic() - began < A_ROUND_S and refused < MOST_REFUSED:
        delivery = _taken(endpoint, now())
        if delivery is None:
            return False
        try:
            _send(delivery)
        except Refused as why:
            _again_later(delivery, str(why), now())
            if isinstance(why, NoAnswer):
                return False
            refused += 1
        else:
            refused = 0
            at = now()
            Delivery.objects.filter(pk=delivery.pk).update(next_at=None, sent_at=at, error=None)
            Endpoint.objects.filter(pk=endpoint).update(taken_at=at)
    return refused < MOST_REFUSED


def given_up() -> "QuerySet[Delivery]":
    """The dead letters, the newest first."""
    found = Delivery.objects.filter(next_at=None, sent_at=None)
    return found.select_related("event", "endpoint").order_by("-id")


def replay(deliveries: "QuerySet[Delivery]", now: datetime) -> int:
    """Send dead letters again, for another day; how many. A receiver tells by `sequence` what is old."""
    return deliveries.filter(next_at=None, sent_at=None).update(
        next_at=now, made_at=now, attempts=0, error=None
    )


def trim(now: datetime) -> None:
    """Forget events that are a month old and wait for nobody, and those that nobody was told of."""
    waiting = Delivery.objects.filter(event_id=OuterRef("pk"))
    old = VerdictEvent.objects.filter(spread_at__lt=now - KEPT)
    old.filter(~Exists(waiting.filter(next_at__isnull=False))).delete()
    VerdictEvent.objects.filter(~Exists(waiting), spread_at__isnull=False).delete()


def ids_of(deliveries: Collection[int]) -> "QuerySet[Delivery]":
    """The deliveries of these ids."""
    return Delivery.objects.filter(pk__in=deliveries)


def _taken(endpoint: int, now: datetime) -> Delivery | None:
    """The first that is due and follows none of its call that waits, leased to us."""
    earlier = Delivery.objects.filter(
        endpoint_id=endpoint,
        call_id=OuterRef("call_id"),
        event_id__lt=OuterRef("event_id"),
        next_at__isnull=False,
    )
    with transaction.atomic():
        found = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("event", "endpoint")
            .filter(~Exists(earlier), endpoint_id=endpoint, endpoint__enabled=True, next_at__lte=now)
            .order_by("event_id")
            .first()
        )
        if found:
            found.next_at, found.attempts = now + LEASE, found.attempts + 1
            found.save(update_fields=["next_at", "attempts"])
        return found


def _send(delivery: Delivery) -> None:
    event = delivery.event
    data = event.data
    if settings.PUBLIC_BASE_URL:
        data = data | {"url": f"{settings.PUBLIC_BASE_URL}/calls/{event.call_id}"}
    told = webhook.cloud_event(
        f"verdict_{event.pk}",
        event.type,
        event.made_at,
        subject=str(event.call_id),
        datacontenttype="application/json",
        sequence=f"{event.sequence:08}",  # CloudEvents' extension: ordered as text, of one subject
        data=data,
    )
    webhook.post(delivery.endpoint.url, told, endpoints.secret(delivery.endpoint))


def _again_later(delivery: Delivery, why: str, now: datetime) -> None:
    next_at = now + timedelta(seconds=PAUSES_S[min(delivery.attempts, len(PAUSES_S)) - 1])
    is_over = next_at > delivery.made_at + GIVEN_UP_AFTER
    Delivery.objects.filter(pk=delivery.pk).update(next_at=None if is_over else next_at, error=why)
    if is_over or delivery.attempts == 1:
        log.warning(
            "endpoint %d did not take an event (attempt %d): %s%s",
            delivery.endpoint_id, delivery.attempts, why, "; given up" if is_over else "",
            extra={"call_id": str(delivery.call_id), "endpoint": delivery.endpoint_id},
        )  # fmt: skip
