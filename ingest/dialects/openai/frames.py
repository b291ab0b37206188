"""Realtime server events as facts, GA and beta names alike. A type we do not read still proves life.

https://platform.openai.com/docs/api-reference/realtime-server-events
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from callstore.domain.facts.events import (
    FrameEvent,
    FrameSeen,
    InputTimedOut,
    PlaybackChanged,
    ReplyFinished,
    ReplySpoken,
    ReplyStarted,
    SessionClosed,
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
from ingest.dialects.parse import mapping, number, text

ServerEvent = Mapping[str, Any]
FieldReader = Callable[[ServerEvent], Any]


def frame(connection: str, kind: str, event: ServerEvent) -> FrameEvent:
    """The fact of one server event. Where a field it cannot be without is missing, it is only seen."""
    fact, parts = _FACTS.get(kind, (FrameSeen, {}))
    values = {name: read(event) for name, read in parts.items()}
    needed = {f.name for f in fields(fact) if f.default is MISSING} - {"connection", "kind"}
    if any(values.get(name) is None for name in needed):
        return FrameSeen(connection=connection, kind=kind)
    return fact(connection=connection, kind=kind, **values)


def without_audio(event: ServerEvent) -> ServerEvent:
    """The event with base64 audio replaced by its length in characters: sound belongs to the recording."""
    field = _AUDIO.get(str(event.get("type")))
    if field is None or not isinstance(event.get(field), str):
        return event
    return {**event, field: None, f"{field}_length": len(event[field])}


_AUDIO = {
    "response.output_audio.delta": "delta",
    "response.audio.delta": "delta",
    "input_audio_buffer.append": "audio",
}


def _at(path: str, read: Callable[[object], Any] = text) -> FieldReader:
    """Reads the value at a dotted path."""
    *way, last = path.split(".")

    def found(event: ServerEvent) -> Any:
        for step in way:
            event = mapping(event.get(step))
        return read(event.get(last))

    return found


def _either(*paths: str, read: Callable[[object], Any] = text) -> FieldReader:
    """Reads the first of several places that has a value: GA first, then beta."""
    readers = [_at(path, read) for path in paths]
    return lambda event: next((value for read in readers if (value := read(event)) is not None), None)


def _always(value: object) -> FieldReader:
    return lambda event: value


def _words(value: object) -> str | None:
    """Spoken words, with the blanks that join one piece to the next."""
    return value.replace("\0", "") if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def _names(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else []
    return tuple(name for item in listed if (name := text(mapping(item).get("name"))))


def _vad(field: str, read: Callable[[object], Any] = _whole) -> FieldReader:
    return _either(
        f"session.audio.input.turn_detection.{field}", f"session.turn_detection.{field}", read=read
    )


def _transcribed(field: str, final: bool) -> tuple[type[FrameEvent], dict[str, FieldReader]]:
    return TurnTranscribed, {"item": _at("item_id"), "final": _always(final), "text": _at(field, _words)}


def _spoken(field: str, final: bool) -> tuple[type[FrameEvent], dict[str, FieldReader]]:
    return ReplySpoken, {
        "response": _at("response_id"),
        "item": _at("item_id"),
        "final": _always(final),
        "text": _at(field, _words),
    }


def _playback(state: str) -> tuple[type[FrameEvent], dict[str, FieldReader]]:
    return PlaybackChanged, {"response": _at("response_id"), "state": _always(state)}


_SESSION: tuple[type[FrameEvent], dict[str, FieldReader]] = (
    SessionConfigured,
    {
        "session": _at("session.id"),
        "model": _at("session.model"),
        "expires_at": _at("session.expires_at", number),
        "input_format": _either("session.audio.input.format.type", "session.input_audio_format"),
        "vad": _vad("type", text),
        "prefix_ms": _vad("prefix_padding_ms"),
        "silence_ms": _vad("silence_duration_ms"),
        "idle_ms": _vad("idle_timeout_ms"),
        "transcription": _either(
            "session.audio.input.transcription.model", "session.input_audio_transcription.model"
        ),
        "tools": _at("session.tools", _names),
    },
)
_TIMED_OUT: tuple[type[FrameEvent], dict[str, FieldReader]] = (
    InputTimedOut,
    {
        "item": _at("item_id"),
        "start_ms": _at("audio_start_ms", number),
        "end_ms": _at("audio_end_ms", number),
    },
)

# Server event → our event, and where each of its fields is found.
_FACTS: dict[str, tuple[type[FrameEvent], dict[str, FieldReader]]] = {
    "session.created": _SESSION,
    "session.updated": _SESSION,
    "input_audio_buffer.speech_started": (
        SpeechStarted,
        {"item": _at("item_id"), "audio_ms": _at("audio_start_ms", number)},
    ),
    "input_audio_buffer.speech_stopped": (
        SpeechStopped,
        {"item": _at("item_id"), "audio_ms": _at("audio_end_ms", number)},
    ),
    "input_audio_buffer.timeout_triggered": _TIMED_OUT,
    "input_audio_timeout_triggered": _TIMED_OUT,  # the Agents SDK's own name, met in forwarded logs
    "input_audio_buffer.committed": (
        TurnCommitted,
        {"item": _at("item_id"), "previous": _at("previous_item_id")},
    ),
    "input_audio_buffer.dtmf_event_received": (SessionDigit, {"digit": _at("event")}),
    "conversation.item.input_audio_transcription.delta": _transcribed("delta", final=False),
    "conversation.item.input_audio_transcription.completed": _transcribed("transcript", final=True),
    "conversation.item.input_audio_transcription.failed": (
        TurnFailed,
        {
            "item": _at("item_id"),
            "code": _either("error.code", "error.type"),
            "message": _at("error.message"),
        },
    ),
    "response.created": (ReplyStarted, {"response": _at("response.id")}),
    "response.done": (
        ReplyFinished,
        {
            "response": _at("response.id"),
            "status": _at("response.status"),
            "reason": _at("response.status_details.reason"),
            "error_type": _at("response.status_details.error.type"),
            "error_code": _at("response.status_details.error.code"),
            "message": _at("response.status_details.error.message"),
        },
    ),
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
        {"name": _at("name"), "response": _at("response_id"), "arguments": _at("arguments")},
    ),
    "output_audio_buffer.started": _playback("started"),
    "output_audio_buffer.stopped": _playback("stopped"),
    "output_audio_buffer.cleared": _playback("cleared"),
    "session.closed": (SessionClosed, {"reason": _at("reason")}),  # the Live API's
    "error": (
        SessionErrored,
        {"error_type": _at("error.type"), "code": _at("error.code"), "message": _at("error.message")},
    ),
}
