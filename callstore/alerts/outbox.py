"""The messages of alerts: kept before they are sent, until their target took them or a day has passed."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from callstore.alerts.channels import send
from callstore.alerts.channels.channel import Refused
from callstore.alerts.models import Alert, Message
from callstore.alerts.wording import Text

log = logging.getLogger(__name__)

PAUSES_S = (60, 120, 300, 900, 1800, 3600)  # after each attempt; the last one again and again
GIVEN_UP_AFTER = timedelta(hours=24)
KEPT = timedelta(days=90)
AT_ONCE = 20


def put(alert: Alert, text: Text) -> list[Message]:
    """Keep a message to every target of an alert; it is sent with the next round."""
    return Message.objects.bulk_create(
        Message(alert=alert, target=target, **text._asdict()) for target in alert.targets
    )


def deliver(now: Callable[[], datetime]) -> None:
    """Send what is due, the oldest first. `now` gives the time, aware: a round may be long."""
    for _ in range(AT_ONCE):
        with transaction.atomic():
            message = (
                Message.objects.select_for_update(skip_locked=True)
                .filter(next_at__lte=now())
                .order_by("next_at", "id")
                .first()
            )
            if message is None:
                break
            attempt(message, now)
    Message.objects.filter(next_at=None, made_at__lt=now() - KEPT).delete()


def attempt(message: Message, now: Callable[[], datetime]) -> None:
    """Send a message once, and note how that went."""
    message.attempts += 1
    try:
        send(message)
    except Refused as refused:
        pause = timedelta(seconds=PAUSES_S[min(message.attempts, len(PAUSES_S)) - 1])
        given_up = message.kind == "test" or now() + pause > message.made_at + GIVEN_UP_AFTER
        message.error, message.next_at = str(refused), None if given_up else now() + pause
        log.warning("a message of alert %s was not taken: %s", message.alert_id, refused)
    else:
        message.error, message.next_at, message.sent_at = None, None, now()
    message.save(update_fields=["attempts", "error", "next_at", "sent_at"])
