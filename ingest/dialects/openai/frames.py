"""Realtime server events as facts, GA and beta names alike. A type we do not read still proves life.

https://platform.openai.com/docs/api-reference/realtime-server-events
"""

from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import cache
from typing import Any

from callstore.domain.facts.events import (
    FrameEvent,
    FrameSeen,
    InputTimedOut,
    PlaybackChanged,
    ReplyAudio,
    ReplyFinished,
    ReplySpoken,
    ReplyStarted,
    SessionConfigured,
    SessionDigit,
    SessionErrored,
    SpeechStarted,
    SpeechStopped,
    ToolCalled,
    TurnCommitted,
    TurnFailed,
    TurnTranscribed,
)
from ingest.dialects.agents import of_session
from ingest.dialects.openai.fields import (
    OUTPUT_FORMAT,
    Fact,
    FieldReader,
    ServerEvent,
    always,
    at,
    either,
    name_of_call,
    names,
    whole,
    words,
)
from ingest.dialects.openai.live_frames import LIVE_FACTS, NESTED_FACTS
from ingest.dialects.parse import mapping, number, text


@cache
def _needed(fact: type[FrameEvent]) -> frozenset[str]:
    """The fields that an event of this class cannot be without."""
    return frozenset(f.name for f in fields(fact) if f.default is MISSING) - {"connection", "kind"}


def frame(connection: str, kind: str, event: ServerEvent, pieces: int = 1) -> FrameEvent:
    """The fact of one server event, or of `pieces`; where a field it needs is missing it is only seen."""
    known = _FACTS.get(kind)
    if kind == "response.event":  # a Live session's backend speaks inside it
        known = NESTED_FACTS.get(str(mapping(event.get("event")).get("type")))
    fact, parts = known or (FrameSeen, {})
    values = {name: read(event) for name, read in parts.items()}
    # A class can be hashed, which mypy does not see of a union of them.
    if any(values.get(name) is None for name in _needed(fact)):  # type: ignore[arg-type]
        return FrameSeen(connection=connection, kind=kind, pieces=pieces)
    return fact(connection=connection, kind=kind, pieces=pieces, **values)


def _vad(field: str, read: Callable[[object], Any] = whole) -> FieldReader:
    return either(f"session.audio.input.turn_detection.{field}", f"session.turn_detection.{field}", read=read)


def _tools(event: ServerEvent) -> tuple[str, ...]:
    """The session's own tools, or those of the backend that a Live session delegates to."""
    session = mapping(event.get("session"))
    backend = mapping(mapping(session.get("delegation")).get("responses"))
    return names(session.get("tools")) or names(backend.get("tools"))


def _transcribed(field: str, final: bool) -> Fact:
    return TurnTranscribed, {"item": at("item_id"), "final": always(final), "text": at(field, words)}


def _spoken(field: str, final: bool) -> Fact:
    return ReplySpoken, {
        "response": at("response_id"),
        "item": at("item_id"),
        "final": always(final),
        "text": at(field, words),
    }


# As compaction.py leaves it.
_AUDIO: Fact = (
    ReplyAudio,
    {
        "response": at("response_id"),
        "audio_bytes": at("audio_bytes", whole),
        "audio_ms": at("audio_ms", number),
    },
)


def _playback(state: str) -> Fact:
    return PlaybackChanged, {"response": at("response_id"), "state": always(state)}


_SESSION: Fact = (
    SessionConfigured,
    {
        "session": at("session.id"),
        "model": at("session.model"),
        "expires_at": at("session.expires_at", number),
        "input_format": either("session.audio.input.format.type", "session.input_audio_format"),
        "output_format": OUTPUT_FORMAT,
        "vad": _vad("type", text),
        "prefix_ms": _vad("prefix_padding_ms"),
        "silence_ms": _vad("silence_duration_ms"),
        "idle_ms": _vad("idle_timeout_ms"),
        "transcription": either(
            "session.audio.input.transcription.model", "session.input_audio_transcription.model"
        ),
        "language": either(
            "session.audio.input.transcription.language", "session.input_audio_transcription.language"
        ),
        "tools": _tools,
        "agent": lambda event: of_session(mapping(event.get("session"))).name,
        "agent_version": lambda event: of_session(mapping(event.get("session"))).version,
        "stored": lambda event: mapping(event.get("session")).get("store") is True,
    },
)
_TIMED_OUT: Fact = (
    InputTimedOut,
    {
        "item": at("item_id"),
        "start_ms": at("audio_start_ms", number),
        "end_ms": at("audio_end_ms", number),
    },
)

# Server event → our event, and where each of its fields is found.
_FACTS: dict[str, Fact] = {
    **LIVE_FACTS,
    "session.created": _SESSION,
    "session.started": _SESSION,  # the Live API's
    "session.updated": _SESSION,
    "input_audio_buffer.speech_started": (
        SpeechStarted,
        {"item": at("item_id"), "audio_ms": at("audio_start_ms", number)},
    ),
    "input_audio_buffer.speech_stopped": (
        SpeechStopped,
        {"item": at("item_id"), "audio_ms": at("audio_end_ms", number)},
    ),
    "input_audio_buffer.timeout_triggered": _TIMED_OUT,
    "input_audio_timeout_triggered": _TIMED_OUT,  # the Agents SDK's own name, met in forwarded logs
    "input_audio_buffer.committed": (
        TurnCommitted,
        {"item": at("item_id"), "previous": at("previous_item_id")},
    ),
    "input_audio_buffer.dtmf_event_received": (SessionDigit, {"digit": at("event")}),
    "conversation.item.input_audio_transcription.delta": _transcribed("delta", final=False),
    "conversation.item.input_audio_transcription.completed": _transcribed("transcript", final=True),
    "conversation.item.input_audio_transcription.failed": (
        TurnFailed,
        {
            "item": at("item_id"),
            "code": either("error.code", "error.type"),
            "message": at("error.message"),
        },
    ),
    "response.created": (ReplyStarted, {"response": at("response.id")}),
    "response.done": (
        ReplyFinished,
        {
            "response": at("response.id"),
            "status": at("response.status"),
            "reason": at("response.status_details.reason"),
            "error_type": at("response.status_details.error.type"),
            "error_code": at("response.status_details.error.code"),
            "message": at("response.status_details.error.message"),
        },
    ),
    "response.output_audio.delta": _AUDIO,
    "response.audio.delta": _AUDIO,  # beta
    "response.output_audio_transcript.delta": _spoken("delta", final=False),
    "response.output_audio_transcript.done": _spoken("transcript", final=True),
    "response.output_text.delta": _spoken("delta", final=False),
    "response.output_text.done": _spoken("text", final=True),
    # Beta names; Azure still sends them.
    "response.audio_transcript.delta": _spoken("delta", final=False),
    "response.audio_transcript.done": _spoken("transcript", final=True),
    "response.text.delta": _spoken("delta", final=False),
    "response.text.done": _spoken("text", final=True),
    "response.function_call_arguments.done": (
        ToolCalled,
        {
            "name": at("name"),
            "response": at("response_id"),
            "item": at("item_id"),
            "arguments": at("arguments"),
        },
    ),
    # The same call again, for whom its arguments were lost or told no name; a call of MCP has only this.
    "response.output_item.done": (
        ToolCalled,
        {
            "name": name_of_call("item"),
            "response": at("response_id"),
            "item": at("item.id"),
            "arguments": at("item.arguments"),
        },
    ),
    "output_audio_buffer.started": _playback("started"),
    "output_audio_buffer.stopped": _playback("stopped"),
    "output_audio_buffer.cleared": _playback("cleared"),
    "error": (
        SessionErrored,
        {"error_type": at("error.type"), "code": at("error.code"), "message": at("error.message")},
    ),
}
