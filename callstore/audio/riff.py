"""What a WAV's header says of its length, held against how long the file is."""

import os
import struct
from typing import BinaryIO

CHUNK = struct.Struct("<4sI")
RIFF = struct.Struct("<4sI4s")
# Who writes a WAV without knowing its end says nothing, or one of these: then the file's end is the sound's.
OPEN_ENDED = range(0x7FFF_0000, 2**32)
MOST_CHUNKS = 64  # before and behind the sound: notes, cue points; more of them is no recording
# So much may be missing or stand behind the sound without a name: padding, a last block.
SLACK = 4096


def missing(file: BinaryIO) -> int:
    """How many bytes of sound the header tells of and the file has not; negative where it has more.

    0 for what is no WAV, and where header and file agree. The file is left at its start.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(RIFF.size)
    found = 0
    if len(head) == RIFF.size and head[:4] == b"RIFF" and head[8:] == b"WAVE":
        found = _missing(file, size)
    file.seek(0)
    return found if abs(found) > SLACK else 0


def _missing(file: BinaryIO, size: int) -> int:
    at: int = RIFF.size
    ends: int | None = None
    for _ in range(MOST_CHUNKS):
        file.seek(at)
        head = file.read(CHUNK.size)
        if len(head) < CHUNK.size:
            return 0
        name: bytes
        length: int
        name, length = CHUNK.unpack(head)
        if ends is not None and not (name.isascii() and name.decode().isprintable() and at + length <= size):
            return ends - size  # what stands behind the sound is none of a WAV's chunks
        at += CHUNK.size + length + length % 2
        if name == b"data":
            if length == 0 or length in OPEN_ENDED:
                return 0
            ends = at
            if at > size:
                return at - size
    return 0
