"""Server events that only the Live API sends, as facts. What is not here is read as Realtime's, or only seen.

openai SDK 3.57.0, types/live/server_event; a test goes through its union.
"""

import re

from callstore.domain.facts.audio_formats import SPEECH_STEP_S as STEP_S
from callstore.domain.facts.events import (
    AudioReflected,
    DelegationCreated,
    InputHeld,
    IntervalTranscribed,
    SessionClosed,
    SessionDigit,
    Span,
    ToolCalled,
    TransportChanged,
    UsageReported,
)
from ingest.dialects.openai.compaction import LONGEST_S
from ingest.dialects.openai.fields import Fact, ServerEvent, always, at, name_of_call, words
from ingest.dialects.parse import number


def _transcribed(side: str) -> Fact:
    return IntervalTranscribed, {
        "side": always(side),
        "start_ms": at("start_ms", number),
        "end_ms": at("end_ms", number),
        "text": at("delta", words),
    }


def _held(by: str, held: bool) -> Fact:
    return InputHeld, {"by": always(by), "held": always(held)}


def _reflected(side: str) -> Fact:
    return AudioReflected, {
        "side": always(side),
        "duration_s": _seconds,
        "speech": _speech,
        "start_ms": at("start_ms", number),
    }


def _seconds(event: ServerEvent) -> float | None:
    length = number(event.get("audio_ms"))
    return None if length is None else length / 1000


def _speech(event: ServerEvent) -> tuple[Span, ...] | None:
    """The bits of a compacted event as stretches of seconds."""
    bits, length = event.get("speech"), _seconds(event)
    if not isinstance(bits, str) or length is None or not 0 < length <= LONGEST_S:
        return None
    if len(bits) > length / STEP_S + 1:
        return None
    runs = (found.span() for found in re.finditer("1+", bits))
    return tuple((round(start * STEP_S, 2), round(min(end * STEP_S, length), 3)) for start, end in runs)


def _transport(state: str) -> Fact:
    return TransportChanged, {
        "state": always(state),
        "code": at("error.code"),
        "message": at("error.message"),
    }


LIVE_FACTS: dict[str, Fact] = {
    "session.input_transcript.delta": _transcribed("caller"),
    "session.output_transcript.delta": _transcribed("agent"),
    # As compaction.py leaves them; without bits they are only seen.
    "session.input_audio.append": _reflected("caller"),
    "session.output_audio.delta": _reflected("agent"),
    "session.input_audio.muted": _held("mute", True),
    "session.input_audio.unmuted": _held("mute", False),
    "session.output_audio.fixture.playing": _held("fixture", True),
    "session.output_audio.fixture.played": _held("fixture", False),
    "session.delegation.created": (
        DelegationCreated,
        {
            "offset_ms": at("offset_ms", number),
            "delegation": at("delegation.id"),
            "target": at("delegation.target"),
        },
    ),
    "session.usage.updated": (
        UsageReported,
        {
            "seconds": at("usage.seconds", number),
            "paused_s": at("usage.paused_seconds", number),
            "context_ratio": at("context_window.usage_ratio", number),
        },
    ),
    # Its snapshot of the session always says `active`: it is not read.
    "session.closed": (SessionClosed, {"reason": at("reason"), "usage_s": at("usage.seconds", number)}),
    "transport.dtmf.received": (SessionDigit, {"digit": at("event")}),
    "transport.ringing": _transport("ringing"),
    "transport.answered": _transport("answered"),
    "transport.failed": _transport("failed"),
}
# Of the backend's events that a `response.event` wraps: which tool it called.
NESTED_FACTS: dict[str, Fact] = {
    "response.output_item.done": (
        ToolCalled,
        {
            "name": name_of_call("event.item"),
            "item": at("event.item.id"),
            "arguments": at("event.item.arguments"),
        },
    ),
    "response.function_call_arguments.done": (
        ToolCalled,
        {"name": at("event.name"), "item": at("event.item_id"), "arguments": at("event.arguments")},
    ),
}
