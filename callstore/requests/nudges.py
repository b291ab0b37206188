"""A recording that somebody moves on the call's axis by hand. Ingest keeps it at once: no task is sent."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NudgeRecording:
    """Move the recording of a leg (a call SID) by so many seconds from where it was aligned."""

    leg: str
    recording: str
    seconds: float
    by: str  # a login's name, or `token`


_keep: list[Callable[[NudgeRecording], None]] = []


def kept_by(keep: Callable[[NudgeRecording], None]) -> None:
    """Have this keep nudges; it stands on a higher floor and registers itself."""
    _keep[:] = [keep]


def nudge(asked: NudgeRecording) -> None:
    """When this returns the nudge is kept. Raises django.db.DatabaseError."""
    [keep] = _keep
    keep(asked)
