"""What Celery is asked for, by name."""

from datetime import UTC, datetime

from celery import shared_task

from callstore.outbound import deliveries
from callstore.projection.changes import settling


@shared_task(name="outbound.settle")
def settle() -> None:
    """Tell of the verdicts that are settled, and have sent what is due."""
    now = datetime.now(UTC)
    settling.settle(now)
    deliveries.spread(now)
    for endpoint in deliveries.due(now):
        deliver.delay(endpoint)


@shared_task(name="outbound.deliver", queue="recordings")  # an endpoint may be slow
def deliver(endpoint: int) -> None:
    """Send an endpoint what is due."""
    if deliveries.deliver(endpoint, lambda: datetime.now(UTC)):
        deliver.delay(endpoint)


@shared_task(name="outbound.trim")
def trim() -> None:
    """Forget what was sent long ago."""
    deliveries.trim(datetime.now(UTC))
