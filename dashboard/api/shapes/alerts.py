"""The shapes of alerts, as they are sent and as they are told."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from ninja import Field, Schema

from callstore.alerts.models import Alert as Row
from callstore.alerts.models import Firing, Message
from callstore.alerts.terms import Terms
from dashboard.alerts import words


class AlertToKeep(Schema):
    """What an alert asks; what is left out of a change stays."""

    name: str | None = Field(None, description="Of a new one without it, that of its view, or its query")
    view: str | None = Field(None, description="The slug of a saved view whose query it takes over")
    q: str | None = Field(None, description="A query of the one language; none is every call")
    source: str | None = Field(None, description="Of a silence: a source of /sources; none is any")
    kind: str | None = Field(
        None, description="count: of calls found; share: of the calls in the window; silence"
    )
    threshold: float | None = Field(None, description="Calls from 1; or a share above 0, at most 1")
    least: int | None = Field(None, description="Calls in the window below which a share says nothing")
    window_s: int | None = Field(None, description="300 to 86400 seconds; calls under way in them count")
    quiet_s: int | None = Field(None, description="Seconds from telling of it to telling of it again")
    targets: list[str] | None = Field(None, description="mailto:, https:, or one that ALERT_URLS offers")
    enabled: bool | None = None


class AlertToChange(AlertToKeep):
    """A change of an alert."""

    version: int | None = Field(None, description="The version that you saw; If-Match says the same")


class Alert(Schema):
    """An alert, and what it last found.

    `state` is ok, firing, broken (see `problem`), off, new (not asked yet) or late (asked no more).
    """

    id: int
    name: str
    q: str
    source: str
    kind: str
    threshold: float
    least: int
    window_s: int
    quiet_s: int
    targets: list[str]
    enabled: bool
    state: str
    value: float | None
    checked_at: datetime | None
    firing_since: datetime | None
    problem: str | None
    made_by: str
    version: int
    url: str


class Alerts(Schema):
    """The alerts by name, and the targets that the settings offer, without their secrets."""

    items: list[Alert]
    offered: list[str]


class WouldHaveFired(Schema):
    """How often in so many days somebody would have been told, as the calls are judged now."""

    days: int
    told: int
    minutes: int = Field(description="How long, all together, the threshold was passed")


class Told(Schema):
    """How a message to one target went."""

    target: str
    sent: bool
    error: str | None


class Tested(Schema):
    """How the test went with each target."""

    messages: list[Told]


class FiringPart(Schema):
    """That the threshold was passed, with what, until when. `told_at` is null in a quiet time."""

    at: datetime
    resolved_at: datetime | None
    told_at: datetime | None
    value: float
    found: int
    calls: int | None


class Firings(Schema):
    """The last firings, the newest first."""

    items: list[FiringPart]


def told(alert: Row) -> dict[str, Any]:
    """An alert as the API tells it."""
    measured = ("id", "value", "checked_at", "problem", "made_by", "version")
    firing = words.firing_of(alert)
    return {
        **{name: getattr(alert, name) for name in (*Terms._fields, *measured)},
        "state": words.state(alert),
        "firing_since": firing and firing.at,
        "url": reverse("alert", args=[alert.id]),
    }


def sent(messages: list[Message]) -> dict[str, Any]:
    """How a test went."""
    return {"messages": [_message(each) for each in messages]}


def firings(rows: list[Firing]) -> dict[str, Any]:
    """A history, as the API tells it."""
    return {"items": [{name: getattr(row, name) for name in FiringPart.model_fields} for row in rows]}


def _message(message: Message) -> dict[str, Any]:
    return {"target": message.target, "sent": message.sent_at is not None, "error": message.error}
