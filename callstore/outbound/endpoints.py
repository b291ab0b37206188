"""Endpoints as admins make, pause and delete them."""

from django.db.models import Count, Min, Q, QuerySet

from callstore.alerts import targets
from callstore.alerts.channels import webhook
from callstore.alerts.targets import WEB, NoTarget
from callstore.outbound.models import Endpoint
from callstore.settlement.events import TYPES

MOST = 20  # each is sent every event
GIVEN_UP = Q(deliveries__next_at=None, deliveries__sent_at=None, deliveries__id__isnull=False)


class BadEndpoint(ValueError):
    """An endpoint that cannot be kept: why, in a sentence."""


def every() -> "QuerySet[Endpoint]":
    """The endpoints, each with how many events wait, since when, and how many were given up."""
    waiting = Q(deliveries__next_at__isnull=False)
    return Endpoint.objects.annotate(
        waiting=Count("deliveries", waiting),
        waiting_since=Min("deliveries__made_at", filter=waiting),
        given_up=Count("deliveries", GIVEN_UP),
    ).order_by("id")


def create(url: str, types: list[str], by: str) -> Endpoint:
    """Keep an endpoint. Raises BadEndpoint."""
    url = url.strip()
    if not url.startswith(WEB):
        raise BadEndpoint("An endpoint is an https: address.")
    try:
        kept = targets.kept(url)
    except NoTarget as error:
        raise BadEndpoint(f"This cannot be an endpoint: {error}") from None
    if not types or set(types) - set(TYPES):
        raise BadEndpoint("Choose of which events it is told.")
    if Endpoint.objects.count() >= MOST:
        raise BadEndpoint(f"There are {MOST} endpoints already.")
    if Endpoint.objects.filter(url=kept).exists():
        raise BadEndpoint("This address is an endpoint already.")
    return Endpoint.objects.create(url=kept, types=sorted(types), made_by=by)


def secret(endpoint: Endpoint) -> str:
    """What this endpoint verifies by, `whsec_…`: another one than any other's."""
    return webhook.secret(b"callstore.outbound.endpoint.%d" % endpoint.pk)
