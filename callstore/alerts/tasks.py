"""What Celery is asked for, by name."""

from datetime import UTC, datetime

from celery import shared_task

from callstore.alerts import check, outbox


@shared_task(name="alerts.check")
def check_alerts() -> None:
    """Check every alert, and send at once what shall be told."""
    check.check(datetime.now(UTC))
    deliver_messages.delay()


@shared_task(name="alerts.deliver")
def deliver_messages() -> None:
    """Send the messages that are due."""
    outbox.deliver(lambda: datetime.now(UTC))
