"""Every minute: measure each alert, open and resolve its firings, and keep what shall be told."""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction

from callstore.alerts import outbox, wording
from callstore.alerts.measure import Measured, measure, top
from callstore.alerts.models import Alert, Firing
from callstore.projection.patience import TooSlow
from callstore.search.errors import QueryError

log = logging.getLogger(__name__)


def check(now: datetime) -> None:
    """Check every enabled alert at a moment (aware). One that another process checks is left to it."""
    for id in Alert.objects.filter(enabled=True).order_by("id").values_list("id", flat=True):
        with transaction.atomic():
            alert = Alert.objects.select_for_update(skip_locked=True).filter(id=id, enabled=True).first()
            if alert is not None:
                _check(alert, now)


def stop(alert: Alert, now: datetime) -> None:
    """Resolve what an alert is firing: it is about to be disabled, changed or deleted."""
    if firing := alert.firings.filter(resolved_at=None).first():
        _resolve(alert, firing, None, now)


def _check(alert: Alert, now: datetime) -> None:
    alert.checked_at, alert.problem = now, None
    try:
        with transaction.atomic():
            measured = measure(alert, now)
    except (QueryError, TooSlow, DatabaseError) as error:
        alert.problem = "the query took too long" if isinstance(error, TooSlow) else str(error)
        log.warning("alert %s could not be checked: %s", alert.id, alert.problem)
    else:
        alert.value = measured.value
        _follow(alert, measured, now)
    alert.save(update_fields=["checked_at", "problem", "value", "told_at"])


def _follow(alert: Alert, measured: Measured, now: datetime) -> None:
    firing = alert.firings.filter(resolved_at=None).first()
    if not measured.passed:
        if firing:
            _resolve(alert, firing, measured, now)
        return
    if firing is None:
        firing = Firing.objects.create(
            alert=alert, at=now, value=measured.value or 0.0, found=measured.found, calls=measured.calls
        )
    quiet_until = alert.told_at and alert.told_at + timedelta(seconds=alert.quiet_s)
    if firing.told_at is None and (quiet_until is None or quiet_until <= now):
        calls = [] if alert.kind == "silence" else top(alert, measured.window, now)
        outbox.put(alert, wording.fired(alert, firing, measured, calls))
        firing.told_at = alert.told_at = now
        firing.save(update_fields=["told_at"])


def _resolve(alert: Alert, firing: Firing, measured: Measured | None, now: datetime) -> None:
    firing.resolved_at = now
    firing.save(update_fields=["resolved_at"])
    if firing.told_at is not None:
        outbox.put(alert, wording.resolved(alert, firing, measured))
