"""Opens a recording and hands out its samples a block at a time, so that a long call needs no more memory."""

import io
import tempfile
import weakref
from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

import numpy as np
import soundfile
from numpy.typing import NDArray

from callstore.audio import riff
from callstore.audio.unreadable import CutShort, Unreadable

Samples: TypeAlias = NDArray[np.float32]  # (frames, channels), full scale is ±1

# Of a block: 4 MB of two channels. It holds as many WHOLE_S as it can: whole detector windows (32 ms)
# and whole peaks (20 ms) fit in these at any rate.
BLOCK_FRAMES = 512_000
WHOLE_S = 8
# More than telephony has of each is a broken header, or made to cost memory and hours.
CHANNELS = 2  # Twilio's dual recordings: the first is the caller, the second the agent
RATES = range(4_000, 48_001)
LONGEST_S = 24 * 3600 + 60  # Twilio ends a recording after 24 hours
MOST_SAMPLES = 2**28  # of all channels: 4.6 hours of two at 8 kHz, a WAV of 512 MiB
# What is opened, by libsndfile's names. It knows more, none of which a provider sends.
KINDS = {"WAV": "wav", "WAVEX": "wav", "MP3": "mp3", "FLAC": "flac", "OGG": "ogg"}
# An MP3's length may stand in its first frame, under one of these names, within so many bytes.
LENGTH_TAGS, TAGGED_WITHIN = (b"Xing", b"Info"), 4096
# Of the bytes of an MP3 so much may stand behind its last frame: titles and pictures.
BEHIND = 64 * 1024
PCM_FULL_SCALE = 32_767


class Sound:
    """A decoded view of a recording: `rate` in Hz, `channels`, `duration_s`, and its `kind`: wav, mp3, …"""

    def __init__(self, source: bytes | BinaryIO) -> None:
        """Opens WAV, MP3, FLAC or Ogg. Raises Unreadable for anything else, or CutShort."""
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        if (missing := riff.missing(stream)) > 0:
            raise CutShort("the sound ends before its header says")
        if missing < 0:
            raise Unreadable(f"there are {-missing:,} bytes more than its header says")
        self._file = _opened(stream)
        if self._file.format not in KINDS:
            raise Unreadable(f"not a sound file of ours: {self._file.format}")
        self.kind = KINDS[self._file.format]
        self.rate: int = self._file.samplerate
        self.channels: int = self._file.channels
        if self.channels > CHANNELS:
            raise Unreadable(f"{self.channels} channels")
        if self.rate not in RATES:
            raise Unreadable(f"a sample rate of {self.rate} Hz")
        if self.kind == "mp3":
            plain = tempfile.TemporaryFile()  # noqa: SIM115  (closed with what it is read by)
            weakref.finalize(self, plain.close)
            self._file = _unpacked(self._file, stream, plain)
        self.duration_s: float = self._file.frames / self.rate
        _bound(self._file.frames, self.rate, self.channels)

    def blocks(self) -> Iterator[Samples]:
        """All samples from the first on, in blocks of whole seconds; the last may be shorter."""
        _seek(self._file, 0)
        whole = WHOLE_S * self.rate
        size, left = BLOCK_FRAMES // whole * whole, self._file.frames
        while left > 0:
            block = _read(self._file, min(left, size))
            if not len(block):
                raise CutShort("the sound ends before its header says")
            left -= len(block)
            yield block

    def between(self, start: float, end: float) -> Samples:
        """The samples from `start` to `end` seconds, as far as there are any."""
        first = min(max(round(start * self.rate), 0), self._file.frames)
        _seek(self._file, first)
        return _read(self._file, max(min(round(end * self.rate), self._file.frames) - first, 0))


def _opened(stream: BinaryIO) -> soundfile.SoundFile:
    try:
        return soundfile.SoundFile(stream)
    except soundfile.LibsndfileError as error:
        raise Unreadable(f"not a sound file: {error.error_string}") from None


def _bound(frames: int, rate: int, channels: int) -> None:
    if not 0 < frames / rate <= LONGEST_S:
        raise Unreadable(f"a duration of {frames / rate:.0f} s")
    if (samples := frames * channels) > MOST_SAMPLES:
        raise Unreadable(f"{samples:,} samples")


def _unpacked(packed: soundfile.SoundFile, stream: BinaryIO, plain: BinaryIO) -> soundfile.SoundFile:
    """An MP3 as samples in a plain file. How long it is its header may guess, or lie about.

    Reading pieces of plain samples again costs nothing, while every piece of an MP3 is decoded anew.
    """
    told = packed.frames if _is_tagged(stream) else None
    frames = 0
    while len(block := _read(packed, BLOCK_FRAMES)):
        frames += len(block)
        _bound(frames, packed.samplerate, packed.channels)
        plain.write((block.clip(-1, 1) * PCM_FULL_SCALE).astype("<i2").tobytes())
    if told is not None and frames < told - packed.samplerate:
        raise CutShort("the sound ends before its header says")
    here = stream.tell()
    if stream.seek(0, io.SEEK_END) - here > BEHIND:
        raise Unreadable("there is more sound than its header says")
    plain.seek(0)
    return soundfile.SoundFile(
        plain, "r", packed.samplerate, packed.channels, "PCM_16", "LITTLE", format="RAW"
    )


def _is_tagged(stream: BinaryIO) -> bool:
    here = stream.tell()
    stream.seek(0)
    head = stream.read(TAGGED_WITHIN)
    stream.seek(here)
    return any(tag in head for tag in LENGTH_TAGS)


def _seek(file: soundfile.SoundFile, frame: int) -> None:
    try:
        file.seek(frame)
    except soundfile.LibsndfileError as error:
        raise Unreadable(f"broken sound: {error.error_string}") from None


def _read(file: soundfile.SoundFile, frames: int) -> Samples:
    try:
        block: Samples = file.read(frames, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise Unreadable(f"broken sound: {error.error_string}") from None
    if file.subtype in ("FLOAT", "DOUBLE"):  # the only ones that can hold what is no number
        np.nan_to_num(block, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
    return block
