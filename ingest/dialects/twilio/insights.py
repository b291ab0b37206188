"""What Voice Insights noted of a leg's media, by Event Streams or asked for: one shape, one fact.

https://www.twilio.com/docs/voice/voice-insights/api/call/call-events-resource
"""

from collections.abc import Mapping
from typing import Any

from callstore.domain.facts import ids
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import MediaNoted
from callstore.domain.facts.record import Draft
from ingest.dialects import parse

STAMPED_MS = 1000  # Voice Insights counts whole seconds
LONGEST = 100  # of a word of theirs; which there are is published of SDKs alone


def noted(data: Mapping[str, Any], received_at: float, raw: bytes) -> list[Draft]:
    """That something was noted at one of a leg's edges; nothing where it says neither of what nor when.

    An event has no id of its own: its second, its edge and its name tell which it is.
    """
    subject, at = ids.leg_subject(data.get("call_sid")), parse.iso_time(data.get("timestamp"))
    group, name, edge = (_word(data.get(field)) for field in ("group", "name", "edge"))
    if subject is None or at is None or name is None:
        return []
    event = MediaNoted(
        name=name,
        group=group,
        level=_word(data.get("level")),
        edge=edge,
        account=ids.account_sid(data.get("account_sid")),
    )
    return [
        Draft(
            source="twilio",
            subject=subject,
            key=parse.named("media", int(at), edge or "-", group or "-", name),
            event=event,
            occurred=Instant(at, Clock.PROVIDER, STAMPED_MS),
            received_at=received_at,
            raw=raw,
        )
    ]


def _word(value: object) -> str | None:
    found = parse.text(value)
    return found and found[:LONGEST].lower()
