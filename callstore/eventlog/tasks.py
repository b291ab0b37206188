"""What beat asks of the log."""

from celery import shared_task

from callstore.eventlog import months


@shared_task(name="eventlog.ensure_months")  # type: ignore[untyped-decorator]
def ensure_months() -> None:
    """Daily: the partitions of this month and the next three."""
    months.ensure()
