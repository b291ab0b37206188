"""What beat asks of the log."""

from celery import shared_task

from callstore.eventlog.proof import seals
from callstore.eventlog.retention import months


@shared_task(name="eventlog.ensure_months")
def ensure_months() -> None:
    """Hourly: the partitions of this month and the next three."""
    months.ensure()


@shared_task(name="eventlog.seal")
def seal() -> None:
    """Every minute: bind what came into the proof."""
    seals.seal()
