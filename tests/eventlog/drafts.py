"""Sentences for the tests of the log: facts about a leg that nobody else has heard of."""

from typing import Any
from uuid import uuid4

from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.events import Event, LegStatus
from callstore.domain.facts.record import Draft, Ref

NOON = unix("2026-04-13T12:00:00Z")


def leg() -> str:
    """A leg with an id of its own."""
    return f"twilio:CA{uuid4().hex}"


def draft(subject: str, key: str = "1", event: Event | None = None, **other: Any) -> Draft:
    """A fact about the subject; everything but its subject has a default."""
    values: dict[str, Any] = {
        "source": "twilio",
        "event": event or LegStatus(status="ringing", caller="+15550100001"),
        "occurred": Instant(NOON, Clock.PROVIDER, 1000),
        "received_at": NOON + 0.3,
        "raw": b"CallStatus=ringing&From=%2B15550100001",
    }
    return Draft(subject=subject, key=key, **{**values, **other})


def child_of(parent: str) -> tuple[Ref, ...]:
    """The refs of a child leg's callback."""
    return (Ref("ParentCallSid", parent),)
