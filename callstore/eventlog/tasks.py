"""What beat asks of the log."""

import logging
from datetime import UTC, datetime

from celery import shared_task
from django.conf import settings

from callstore.eventlog.proof import seals
from callstore.eventlog.retention import months, retire

log = logging.getLogger(__name__)


@shared_task(name="eventlog.ensure_months")
def ensure_months() -> None:
    """Hourly: the partitions of this month and the next three."""
    months.ensure()


@shared_task(name="eventlog.seal")
def seal() -> None:
    """Every minute: bind what came into the proof."""
    seals.seal()


@shared_task(name="eventlog.remind_of_retention")
def remind_of_retention() -> None:
    """Daily: say which months are older than RETENTION_DAYS. Only the owner of the tables may retire them."""
    if settings.RETENTION_DAYS is None:
        return
    if waiting := retire.overdue(settings.RETENTION_DAYS, datetime.now(UTC)):
        log.warning(
            "%s and %d months more are older than RETENTION_DAYS and still there:"
            " `manage.py retire_month --due` has to run daily, as the owner of the tables.",
            f"{waiting[0].first:%Y-%m}",
            len(waiting) - 1,
        )
