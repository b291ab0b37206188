"""Events of a session without their audio: its length stays, and where the sideband reflected it, who spoke.

Sound belongs to the recording. Who keeps an event, forwarded or observed, keeps it as `compacted` gives it.
"""

import base64
import binascii
from typing import Any

from callstore.domain.facts.audio_formats import BYTES_PER_MS, length_ms
from ingest.dialects.openai.fields import ServerEvent

# Where an event carries audio. Those of the Live API are reflected to a sideband as mono PCM16LE at 24 kHz,
# whatever the session's own format (openai SDK 3.57.0, types/live/input_audio_append_event).
CARRIERS = {
    "response.output_audio.delta": "delta",
    "response.audio.delta": "delta",  # beta
    "input_audio_buffer.append": "audio",
    "session.input_audio.append": "audio",
    "session.output_audio.delta": "delta",
    "session.output_audio.fixture.play": "audio",
}
REFLECTED = {"session.input_audio.append", "session.output_audio.delta"}
REFLECTED_RATE = 24_000
# More in one event is not measured. A door takes half of it at most, and an observer keeps a second.
LONGEST_S = 60.0
# Items and their parts, which may hold whole utterances under `audio`.
_HOLDERS = (
    "conversation.item.", "response.content_part.", "response.output_item.", "response.done",
    "response.create", "response.event",
)  # fmt: skip


def compacted(*events: ServerEvent, sent: bool = False, audio_format: str | None = None) -> ServerEvent:
    """One event, without audio, in place of `events`: of one type, as they follow each other on one socket.

    In place of the audio stands `audio_bytes`, with its length `audio_ms` where its format is known
    (`audio_format` is that of the session's output), and `speech` where a sideband reflected it: for each
    20 ms a 1 where somebody speaks, else a 0. Several events become the first of them, with their number
    `frames` and the last one's `end_ms`; who joins them numbers what is kept, not what came. `sent` says that
    they went to OpenAI, and reflect nothing. An event without audio, or compacted before, stays as it is.
    """
    event = events[0]
    kind = str(event.get("type"))
    field = CARRIERS.get(kind)
    if field is None:
        kept = _without_parts(event) if kind.startswith(_HOLDERS) else event
        return event if kept == event else kept
    if event.get(field) is None:
        return event
    sound = b"".join(_decoded(each.get(field)) for each in events)
    found = {**event, field: None, "audio_bytes": len(sound)}
    if len(events) > 1:
        found["frames"] = len(events)
        if "end_ms" in events[-1]:
            found["end_ms"] = events[-1]["end_ms"]
    if kind in REFLECTED and not sent:
        # On the primary socket the agent's audio has no place on the clock, and another format.
        placed = kind == "session.input_audio.append" or event.get("start_ms") is not None
        if placed and _ms(sound, "audio/pcm") <= LONGEST_S * 1000:
            found |= {"audio_ms": _ms(sound, "audio/pcm"), "speech": _speech(sound)}
    elif (length := length_ms(len(sound), audio_format)) is not None:
        found["audio_ms"] = length
    return found


def _decoded(audio: object) -> bytes:
    """The bytes of base64; of what is none, nothing."""
    try:
        return base64.b64decode(audio) if isinstance(audio, str) else b""
    except (binascii.Error, ValueError):
        return b""


def _ms(sound: bytes, audio_format: str) -> float:
    return round(len(sound) / BYTES_PER_MS[audio_format], 1)


def _speech(sound: bytes) -> str:
    """Reflected audio as its bits. Three samples at 24 kHz are one at 8 kHz."""
    import numpy as np  # 20 MB that only a process needs to which a sideband reflects sound

    from callstore.audio.voicing import RATE, speech_bits

    ratio = REFLECTED_RATE // RATE
    wave = np.frombuffer(sound[: len(sound) // (2 * ratio) * 2 * ratio], dtype="<i2")
    samples = wave.reshape(-1, ratio).mean(axis=1, dtype=np.float32) / np.float32(32768)
    return "".join("1" if bit else "0" for bit in speech_bits(samples))


def _without_parts(value: Any) -> Any:
    """Any JSON without the strings under `audio` in it; their length in characters stays."""
    if isinstance(value, list):
        return [_without_parts(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _without_parts(each) for name, each in value.items()}
    if isinstance(found.get("audio"), str):
        found |= {"audio": None, "audio_length": len(found["audio"])}
    return found
