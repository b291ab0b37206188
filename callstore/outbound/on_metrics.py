"""What leaving events tell on /metrics."""

from datetime import UTC, datetime, timedelta

from django.db.models import Count, Min, Q

from callstore.health.figures import Figure, Group, Samples, alone
from callstore.outbound.models import Delivery, NightlyFile, first_day
from callstore.settlement.models import Settlement


def _told() -> tuple[Samples, ...]:
    waiting = Q(next_at__isnull=False)
    found = Delivery.objects.filter(sent_at=None).aggregate(
        waiting=Count("id", waiting), given_up=Count("id", ~waiting), since=Min("made_at", filter=waiting)
    )
    since = found["since"]
    return (
        {(state,): found[state] for state in ("waiting", "given_up")},
        alone(max(0.0, (datetime.now(UTC) - since).total_seconds()) if since else 0.0),
        alone(Settlement.objects.filter(settle_at__isnull=False).count()),
        _nightly_age(),
    )


def _nightly_age() -> Samples:
    """Since the end of the last day that was written out, or since the first began that has to be."""
    if last := NightlyFile.objects.order_by("-day").first():
        day = last.day + timedelta(days=1)
    elif (first := first_day()) is None:
        return {}
    else:
        day = first
    return alone((datetime.now(UTC) - datetime(day.year, day.month, day.day, tzinfo=UTC)).total_seconds())


GROUP = Group(
    (
        Figure("callstore_outbound_events", "Events that no endpoint took, by why.", ("state",)),
        Figure("callstore_outbound_oldest_seconds", "For how long the oldest of them has waited."),
        Figure("callstore_verdicts_unsettled", "Calls that are over and whose verdict is not settled."),
        Figure("callstore_nightly_age_seconds", "How long ago the last day ended that was written out."),
    ),
    _told,
)
