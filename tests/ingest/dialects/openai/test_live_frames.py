"""Server events of the Live API: every type of the package's union, and what is read of each."""

from typing import get_args

import pytest
from openai.types.live import server_event
from openai.types.live.server_event import ServerEvent

from callstore.domain.facts.events import (
    DelegationCreated,
    FrameSeen,
    InputHeld,
    IntervalTranscribed,
    SessionClosed,
    SessionConfigured,
    SessionDigit,
    SessionErrored,
    ToolCalled,
    TransportChanged,
    UsageReported,
)
from ingest.dialects.openai.frames import frame

KINDS = sorted(
    get_args(model.model_fields["type"].annotation)[0] for model in get_args(get_args(ServerEvent)[0])
)
RESOURCE = {
    "id": "live_1",
    "model": "gpt-live-1",
    "expires_at": 9,
    "status": "active",
    "delegation": {"type": "responses", "responses": {"tools": [{"type": "function", "name": "finish"}]}},
}
PIECE = {"delta": " a ", "start_ms": 80, "end_ms": 480}
CALL = {"type": "function_call", "id": "fc_1", "name": "end_call", "arguments": "{}"}
BARE: dict = {}

CONFIGURED = {"session": "live_1", "model": "gpt-live-1", "expires_at": 9.0, "tools": ("finish",)}
SPOKEN = {"start_ms": 80.0, "end_ms": 480.0, "text": " a "}
DELEGATED = {"delegation": {"id": "d_1", "target": "responses", "type": "delegation"}, "offset_ms": 900}
USED = {"usage": {"seconds": 12.0, "paused_seconds": 2}, "context_window": {"usage_ratio": 0.25}}
ITEM = {"type": "response.output_item.done", "item": CALL}
ARGUMENTS = {"type": "response.function_call_arguments.done", "item_id": "fc_1", "name": "end_call"}
CALLED = {"name": "end_call", "item": "fc_1"}
FAILED = {"type": "call_error", "code": "busy", "message": "m"}
WRONG = {"type": "invalid_request_error", "code": "unknown_parameter", "message": "m"}

READ = [
    ("session.started", {"session": RESOURCE}, SessionConfigured, CONFIGURED),
    ("session.updated", {"session": RESOURCE}, SessionConfigured, CONFIGURED),
    ("session.input_transcript.delta", PIECE, IntervalTranscribed, {"side": "caller", **SPOKEN}),
    ("session.output_transcript.delta", PIECE, IntervalTranscribed, {"side": "agent", **SPOKEN}),
    ("session.input_audio.muted", BARE, InputHeld, {"by": "mute", "held": True}),
    ("session.input_audio.unmuted", BARE, InputHeld, {"by": "mute", "held": False}),
    ("session.output_audio.fixture.playing", BARE, InputHeld, {"by": "fixture", "held": True}),
    ("session.output_audio.fixture.played", BARE, InputHeld, {"by": "fixture", "held": False}),
    (
        "session.delegation.created",
        DELEGATED,
        DelegationCreated,
        {"offset_ms": 900.0, "delegation": "d_1", "target": "responses"},
    ),
    ("session.usage.updated", USED, UsageReported, {"seconds": 12.0, "paused_s": 2.0, "context_ratio": 0.25}),
    (
        "session.closed",
        {"reason": "expired", "session": RESOURCE, "usage": {"seconds": 3600}},
        SessionClosed,
        {"reason": "expired", "usage_s": 3600.0},
    ),
    ("transport.dtmf.received", {"event": "5"}, SessionDigit, {"digit": "5"}),
    ("transport.ringing", BARE, TransportChanged, {"state": "ringing"}),
    ("transport.answered", BARE, TransportChanged, {"state": "answered"}),
    (
        "transport.failed",
        {"error": FAILED},
        TransportChanged,
        {"state": "failed", "code": "busy", "message": "m"},
    ),
    (
        "error",
        {"error": WRONG},
        SessionErrored,
        {"error_type": "invalid_request_error", "code": "unknown_parameter", "message": "m"},
    ),
    ("response.event", {"delegation_id": "d_1", "event": ITEM}, ToolCalled, {**CALLED, "arguments": "{}"}),
    ("response.event", {"delegation_id": None, "event": ARGUMENTS}, ToolCalled, CALLED),
]


@pytest.mark.parametrize(("kind", "said", "fact", "fields"), READ, ids=[case[0] for case in READ])
def test_an_event_is_read(kind, said, fact, fields):
    assert frame("c", kind, said) == fact(connection="c", kind=kind, **fields)


# What says nothing that a call is judged by.
ONLY_SEEN = {
    "session.instructions.appended", "session.thinking.appended", "session.commentary.appended",
    "session.input_audio.append", "session.output_audio.delta",
    "decision.event", "decision.item.created", "decision.item.deleted",
    "info", "transport.dtmf.send", "transport.dtmf.sent",
}  # fmt: skip


def test_every_type_of_the_packages_union_is_read_or_known_to_say_nothing():
    assert server_event.__all__[0] == "ServerEvent"
    assert set(KINDS) == {case[0] for case in READ} | ONLY_SEEN


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", [{}, {"event": 7, "delta": [], "usage": "x", "start_ms": "soon"}])
def test_an_event_without_what_makes_it_is_only_seen(kind, said):
    assert isinstance(
        frame("c", kind, said),
        FrameSeen | InputHeld | SessionDigit | TransportChanged | SessionErrored | SessionConfigured,
    )


@pytest.mark.parametrize(
    "nested",
    [
        {"type": "response.output_item.done", "item": {"type": "message", "name": "end_call"}},
        {"type": "response.function_call_arguments.done", "item_id": "fc_1", "arguments": "{}"},
        {"type": "response.completed"},
        "end_call",
    ],
)
def test_what_a_backend_says_without_naming_a_tool_is_only_seen(nested):
    kind = "response.event"
    assert frame("c", kind, {"event": nested}) == FrameSeen(connection="c", kind=kind)


@pytest.mark.parametrize(
    ("ms", "speech"),
    [
        (4e12, "1"), (-20.0, "1"), (0.0, ""), ("soon", "1"), (None, "1"), (float("nan"), "1"),
        (20.0, None), (20.0, 7), (20.0, "10" * 500_000), (61_000.0, "1"),
    ],
)  # fmt: skip
def test_bits_that_cannot_be_of_their_audio_are_no_measurement(ms, speech):
    kind = "session.input_audio.append"
    said = {"type": kind, "audio": None, "audio_ms": ms, "speech": speech}
    assert frame("c", kind, said) == FrameSeen(connection="c", kind=kind)


def test_bits_become_stretches_of_seconds():
    kind = "session.output_audio.delta"
    fact = frame("c", kind, {"delta": None, "audio_ms": 110.0, "speech": "110011", "start_ms": 40})
    assert (fact.side, fact.duration_s, fact.start_ms) == ("agent", 0.11, 40.0)
    assert fact.speech == ((0.0, 0.04), (0.08, 0.11))
