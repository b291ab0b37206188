"""What somebody enters of a provider's trouble by hand. Ingest keeps it at once: no task is sent."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnterIncident:
    """Enter an incident; times in Unix seconds, `ended_at` None while it goes on."""

    provider: str
    title: str
    started_at: float
    ended_at: float | None
    url: str | None


_keep: list[Callable[[EnterIncident], str]] = []


def kept_by(keep: Callable[[EnterIncident], str]) -> None:
    """Have this keep incidents, and give the id of each; it stands on a higher floor and registers itself."""
    _keep[:] = [keep]


def enter(incident: EnterIncident) -> str:
    """The id of the incident, which is kept when this returns. Raises django.db.DatabaseError."""
    [keep] = _keep
    return keep(incident)
