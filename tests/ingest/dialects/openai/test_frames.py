"""Realtime server events, GA and beta."""

import pytest

from callstore.domain.facts.events import (
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
from ingest.dialects.openai.frames import frame

VAD = {
    "type": "server_vad",
    "prefix_padding_ms": 300,
    "silence_duration_ms": 500,
    "idle_timeout_ms": 6000,
}
WRITTEN = {"model": "whisper-1", "language": "de"}
HEARD = {"format": {"type": "audio/pcmu"}, "transcription": WRITTEN, "turn_detection": VAD}
CONFIGURED = {
    "session": "sess_1",
    "model": "m",
    "expires_at": 9.0,
    "input_format": "audio/pcmu",
    "vad": "server_vad",
    "prefix_ms": 300,
    "silence_ms": 500,
    "idle_ms": 6000,
    "transcription": "whisper-1",
    "language": "de",
    "tools": ("finish",),
}
TOOLS = [{"type": "function", "name": "finish"}, {"type": "mcp"}, 7]
GA = {"id": "sess_1", "model": "m", "expires_at": 9, "tools": TOOLS, "audio": {"input": HEARD}}
BETA = {
    "id": "sess_1",
    "model": "m",
    "expires_at": 9,
    "tools": TOOLS,
    "input_audio_format": "audio/pcmu",
    "input_audio_transcription": WRITTEN,
    "turn_detection": VAD,
}
FAILED = {
    "id": "r",
    "status": "failed",
    "status_details": {"error": {"type": "t", "code": "c", "message": "m"}},
}
CUT = {"id": "r", "status": "cancelled", "status_details": {"reason": "turn_detected"}}
ERROR = {"type": "server_error", "code": None, "message": "m"}
SAID = {"response_id": "r", "item_id": "i"}
INPUT = "conversation.item.input_audio_transcription"

CASES = [
    ("session.created", {"session": GA}, SessionConfigured, CONFIGURED),
    ("session.updated", {"session": BETA}, SessionConfigured, CONFIGURED),
    (
        "input_audio_buffer.speech_started",
        {"item_id": "i", "audio_start_ms": 0},
        SpeechStarted,
        {"item": "i", "audio_ms": 0.0},
    ),
    (
        "input_audio_buffer.speech_stopped",
        {"item_id": "i", "audio_end_ms": 9},
        SpeechStopped,
        {"item": "i", "audio_ms": 9.0},
    ),
    (
        "input_audio_buffer.timeout_triggered",
        {"item_id": "i", "audio_start_ms": 1, "audio_end_ms": 2},
        InputTimedOut,
        {"item": "i", "start_ms": 1.0, "end_ms": 2.0},
    ),
    (
        "input_audio_buffer.committed",
        {"item_id": "i", "previous_item_id": None},
        TurnCommitted,
        {"item": "i", "previous": None},
    ),
    ("input_audio_buffer.dtmf_event_received", {"event": "#"}, SessionDigit, {"digit": "#"}),
    (
        f"{INPUT}.delta",
        {"item_id": "i", "delta": " a "},
        TurnTranscribed,
        {"item": "i", "final": False, "text": " a "},
    ),
    (
        f"{INPUT}.completed",
        {"item_id": "i", "transcript": ""},
        TurnTranscribed,
        {"item": "i", "final": True, "text": ""},
    ),
    (
        f"{INPUT}.failed",
        {"item_id": "i", "error": ERROR},
        TurnFailed,
        {"item": "i", "code": "server_error", "message": "m"},
    ),
    ("response.created", {"response": {"id": "r"}}, ReplyStarted, {"response": "r"}),
    (
        "response.done",
        {"response": FAILED},
        ReplyFinished,
        {"response": "r", "status": "failed", "error_type": "t", "error_code": "c", "message": "m"},
    ),
    (
        "response.done",
        {"response": CUT},
        ReplyFinished,
        {"response": "r", "status": "cancelled", "reason": "turn_detected"},
    ),
    ("session.closed", {"reason": "remote_hangup"}, SessionClosed, {"reason": "remote_hangup"}),
    (
        "output_audio_buffer.cleared",
        {"response_id": "r"},
        PlaybackChanged,
        {"response": "r", "state": "cleared"},
    ),
    (
        "response.function_call_arguments.done",
        {**SAID, "name": "finish", "arguments": "{}"},
        ToolCalled,
        {"name": "finish", "response": "r", "item": "i", "arguments": "{}"},
    ),
    (
        "response.output_item.done",
        {
            "response_id": "r",
            "item": {"type": "function_call", "id": "i", "name": "finish", "arguments": "{}"},
        },
        ToolCalled,
        {"name": "finish", "response": "r", "item": "i", "arguments": "{}"},
    ),
    ("error", {"error": ERROR}, SessionErrored, {"error_type": "server_error", "code": None, "message": "m"}),
]
SPOKEN = ["output_audio_transcript", "audio_transcript", "output_text", "text"]


@pytest.mark.parametrize(("kind", "said", "event", "fields"), CASES, ids=[case[0] for case in CASES])
def test_an_event_is_read(kind, said, event, fields):
    assert frame("c", kind, said) == event(connection="c", kind=kind, **fields)


@pytest.mark.parametrize("word", SPOKEN)
def test_the_agents_words_have_ga_and_beta_names(word):
    piece = frame("c", f"response.{word}.delta", {**SAID, "delta": "hel"})
    assert piece == ReplySpoken(connection="c", kind=piece.kind, response="r", item="i", text="hel")
    whole = frame("c", f"response.{word}.done", {**SAID, "transcript": "hello", "text": "hello"})
    assert whole == ReplySpoken(
        connection="c", kind=whole.kind, response="r", item="i", final=True, text="hello"
    )


def test_an_item_that_is_no_call_of_a_tool_is_only_seen():
    kind, item = "response.output_item.done", {"type": "message", "id": "i", "name": "finish"}
    assert frame("c", kind, {"item": item}) == FrameSeen(connection="c", kind=kind)


@pytest.mark.parametrize("kind", ["rate_limits.updated", "session.paused", "anything.new"])
def test_an_unknown_event_proves_that_the_session_lives(kind):
    assert frame("c", kind, {}) == FrameSeen(connection="c", kind=kind)


@pytest.mark.parametrize(
    "said", [{}, {"response": 7, "item_id": [], "session": "x", "audio_start_ms": "soon"}]
)
@pytest.mark.parametrize(
    "kind", sorted({case[0] for case in CASES} - {"error", "session.created", "session.updated"})
)
def test_an_event_without_what_makes_it_is_only_seen(kind, said):
    assert isinstance(frame("c", kind, said), FrameSeen | InputTimedOut | SessionDigit)
