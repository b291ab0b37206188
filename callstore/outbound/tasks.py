"""What Celery is asked for, by name."""

import logging
from datetime import UTC, datetime

from celery import shared_task

from callstore.outbound import deliveries, nightly
from callstore.projection.changes import settling

log = logging.getLogger(__name__)


@shared_task(name="outbound.settle")
def settle() -> None:
    """Tell of the verdicts that are settled, and have sent what is due."""
    now = datetime.now(UTC)
    settling.settle(now)
    deliveries.spread(now)
    for endpoint in deliveries.due(now):
        deliver.delay(endpoint)


@shared_task(name="outbound.deliver")
def deliver(endpoint: int) -> None:
    """Send an endpoint what is due."""
    if deliveries.deliver(endpoint, lambda: datetime.now(UTC)):
        deliver.delay(endpoint)


@shared_task(name="outbound.trim")
def trim() -> None:
    """Forget what was sent long ago."""
    deliveries.trim(datetime.now(UTC))


@shared_task(name="outbound.export_nightly")
def export_nightly() -> None:
    """Write out each day that is over and has no file yet."""
    now = datetime.now(UTC)
    settling.note_all()
    for day in nightly.missing(now.date()):
        try:
            nightly.write(day, now)
        except OSError as error:
            log.error("the calls of %s were not written out, and will be tried again: %s", day, error)
            return
