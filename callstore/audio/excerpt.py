"""A stretch of a recording as a WAV of its own, 16 bits a sample, a piece at a time."""

import struct
from collections.abc import Iterator

from callstore.audio.wave import PCM_FULL_SCALE, Sound

PIECE_S = 30.0
HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
BYTES = 2  # of a sample


def excerpt(sound: Sound, start: float, end: float) -> tuple[int, Iterator[bytes]]:
    """The length in bytes and the pieces of a WAV from `start` to `end` seconds, as far as there is sound.

    Raises ValueError where there is none; Unreadable, while the pieces are read, for broken sound.
    """
    first, last = (round(min(max(at, 0.0), sound.duration_s) * sound.rate) for at in (start, end))
    if last <= first:
        raise ValueError("nothing of the recording lies there")
    length = (last - first) * sound.channels * BYTES
    return HEADER.size + length, _pieces(sound, first / sound.rate, last / sound.rate, length)


def _pieces(sound: Sound, start: float, end: float, length: int) -> Iterator[bytes]:
    frame = sound.channels * BYTES
    yield HEADER.pack(
        b"RIFF", HEADER.size - 8 + length, b"WAVE", b"fmt ", 16, 1, sound.channels, sound.rate,
        sound.rate * frame, frame, 8 * BYTES, b"data", length,
    )  # fmt: skip
    at = start
    while at < end:
        samples = sound.between(at, min(at + PIECE_S, end))
        yield (samples.clip(-1, 1) * PCM_FULL_SCALE).round().astype("<i2").tobytes()
        at += PIECE_S
