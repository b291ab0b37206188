"""What an alert's state is called and looks like, for pages and the API."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from callstore.alerts.models import Alert, Firing


class Look(NamedTuple):
    """A state as a chip: its word, its icon, its tone."""

    word: str
    icon: str
    tone: str


LATE = timedelta(minutes=3)  # since it was asked, which happens every minute
LOOKS = {
    "off": Look("Off", "pause", "quiet"),
    "new": Look("Not asked yet", "clock", "quiet"),
    "late": Look("Asked no more", "clock", "warn"),
    "broken": Look("Cannot be asked", "warning", "warn"),
    "firing": Look("Firing", "warning", "bad"),
    "ok": Look("Quiet", "check", "ok"),
}


def now() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)


def state(alert: Alert) -> str:
    """What an alert, read by `keeping`, is in: a key of LOOKS."""
    if not alert.enabled:
        return "off"
    if alert.checked_at is None:
        return "new"
    if now() - alert.checked_at > LATE:
        return "late"
    if alert.problem:
        return "broken"
    return "firing" if firing_of(alert) else "ok"


def firing_of(alert: Alert) -> Firing | None:
    """The open firing of an alert that `keeping` read."""
    return next(iter(getattr(alert, "open_firings", [])), None)


def api_path(id: int) -> str:
    """Where the API has an alert."""
    return f"/api/v1/alerts/{id}"
