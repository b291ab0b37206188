"""A note that somebody writes of a call. Ingest keeps it at once: no task is sent."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Write a note of the call that has this id: of a leg, a conference or an AI session.

    `about` is the moment of the call that it is about, in Unix seconds; None is the call as a whole.
    """

    id: str
    text: str
    about: float | None
    by: str  # a login's name, or a token's


_keep: list[Callable[[WriteNote], None]] = []


def kept_by(keep: Callable[[WriteNote], None]) -> None:
    """Have this keep notes; it stands on a higher floor and registers itself."""
    _keep[:] = [keep]


def write(asked: WriteNote) -> None:
    """When this returns the note is kept. Raises django.db.DatabaseError."""
    [keep] = _keep
    keep(asked)
