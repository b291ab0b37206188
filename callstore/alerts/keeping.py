"""Alerts as people make, change and delete them."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, QuerySet

from callstore.alerts import check, outbox, wording
from callstore.alerts.models import Alert, Firing, Message
from callstore.alerts.terms import Terms, checked

MOST = 200  # each is asked every minute


class TooMany(Exception):
    """There are as many alerts as there may be."""


class Changed(Exception):
    """Somebody else changed the alert since the version that was told."""


def every() -> list[Alert]:
    """The alerts by name, each with the firing that is open, if one is, as `open_firings`."""
    return list(_with_open_firings().order_by("name", "id"))


def find(id: int) -> Alert | None:
    """The alert of an id, with its `open_firings`."""
    return _with_open_firings().filter(id=id).first()


def terms(alert: Alert) -> Terms:
    """What an alert asks, as it was written."""
    return Terms(**{name: getattr(alert, name) for name in Terms._fields})


def create(wanted: Terms, by: str) -> Alert:
    """Keep an alert. Raises TermError, TooMany."""
    kept = checked(wanted)
    if Alert.objects.count() >= MOST:
        raise TooMany
    return Alert.objects.create(**kept._asdict(), made_by=by)


@transaction.atomic
def change(alert: Alert, wanted: Terms, version: int | None = None) -> None:
    """Let an alert ask something else: what it is firing is resolved before. Raises TermError, Changed."""
    kept = checked(wanted)
    locked = _locked(alert, version)
    if kept == terms(locked):
        return
    # Who is told, and how often, is no other question: a firing goes on.
    if kept._replace(name="", quiet_s=0, targets=()) != terms(locked)._replace(
        name="", quiet_s=0, targets=()
    ):
        check.stop(locked, datetime.now(UTC))
    again: dict[str, Any] = {"value": None, "problem": None, "checked_at": None}
    Alert.objects.filter(id=alert.id).update(**kept._asdict(), **again, version=F("version") + 1)


@transaction.atomic
def delete(alert: Alert, version: int | None = None) -> None:
    """Delete an alert with its history: what it is firing is resolved before. Raises Changed."""
    locked = _locked(alert, version)
    check.stop(locked, datetime.now(UTC))
    locked.delete()


def test(alert: Alert) -> list[Message]:
    """Tell every target of an alert that this is a test, at once; each message says how that went."""
    messages = outbox.put(alert, wording.trial(alert))
    for message in messages:
        message.refresh_from_db()
        outbox.attempt(message, lambda: datetime.now(UTC))
    return messages


def history(alert: Alert, most: int = 50) -> list[Firing]:
    """The last firings of an alert, the newest first."""
    return list(alert.firings.order_by("-at")[:most])


def messages(alert: Alert, most: int = 20) -> list[Message]:
    """The last messages of an alert, the newest first."""
    return list(alert.messages.order_by("-id")[:most])


def _with_open_firings() -> "QuerySet[Alert]":
    open_ = Prefetch("firings", Firing.objects.filter(resolved_at=None), to_attr="open_firings")
    return Alert.objects.prefetch_related(open_)


def _locked(alert: Alert, version: int | None) -> Alert:
    found = Alert.objects.select_for_update().filter(id=alert.id).first()
    if found is None or version not in (None, found.version):
        raise Changed
    return found
