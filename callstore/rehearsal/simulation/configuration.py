"""The session object of `session.created`: the model, its voice, its tools, its voice detector."""

from typing import Any

from callstore.rehearsal.simulation.cast import Line

PREFIX_S = 0.3  # server VAD's default padding before speech


def configuration(line: Line, identity: str, at: float) -> dict[str, Any]:
    """What a session that began at this moment says of itself."""
    agent = line.agent
    detection = {
        "type": "server_vad",
        "threshold": 0.5,
        "prefix_padding_ms": int(PREFIX_S * 1000),
        "silence_duration_ms": agent.silence_ms,
        "idle_timeout_ms": None,
        "create_response": True,
        "interrupt_response": True,
    }
    heard = {"model": "gpt-4o-transcribe", "language": line.language.code, "prompt": None}
    sound = {"type": "audio/pcmu"}
    return {
        "type": "realtime",
        "object": "realtime.session",
        "id": identity,
        "model": agent.model,
        "output_modalities": ["audio"],
        "instructions": agent.instructions,
        "tools": [{"type": "function", "name": agent.finish, "description": "End the call."}],
        "tool_choice": "auto",
        "expires_at": int(at) + 3600,
        "audio": {
            "input": {"format": sound, "transcription": heard, "turn_detection": detection},
            "output": {"format": sound, "voice": agent.voice, "speed": 1.0},
        },
    }
