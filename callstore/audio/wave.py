"""Opens a recording and hands out its samples a block at a time, so that a long call needs no more memory."""

import io
from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

import numpy as np
import soundfile
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]  # (frames, channels), full scale is ±1

# Whole detector windows (32 ms) and whole peaks (20 ms) fit in a block at any rate; two channels at
# 8 kHz take 4 MB of it.
BLOCK_S = 64
RATES = range(4_000, 192_001)  # telephones to studios; anything else is a broken header
LONGEST_S = 24 * 3600 + 60  # Twilio ends a recording after 24 hours


class Unreadable(Exception):
    """The bytes are no recording that we can decode."""


class Sound:
    """A decoded view of a recording: `rate` in Hz, `channels`, `duration_s`."""

    def __init__(self, source: bytes | BinaryIO) -> None:
        """Opens WAV, MP3, FLAC or Ogg. Raises Unreadable for anything else."""
        try:
            self._file = soundfile.SoundFile(io.BytesIO(source) if isinstance(source, bytes) else source)
        except soundfile.LibsndfileError as error:
            raise Unreadable(f"not a sound file: {error.error_string}") from None
        self.rate: int = self._file.samplerate
        self.channels: int = self._file.channels
        if self.rate not in RATES:
            raise Unreadable(f"a sample rate of {self.rate} Hz")
        self.duration_s: float = self._file.frames / self.rate
        if not 0 < self.duration_s <= LONGEST_S:
            raise Unreadable(f"a duration of {self.duration_s:.0f} s")

    def blocks(self) -> Iterator[Samples]:
        """All samples from the first on, in blocks of BLOCK_S seconds; the last may be shorter."""
        self._seek(0)
        left: int = self._file.frames
        while left > 0:
            block = self._read(min(left, BLOCK_S * self.rate))
            if not len(block):
                raise Unreadable("the sound ends before its header says")
            left -= len(block)
            yield block

    def between(self, start: float, end: float) -> Samples:
        """The samples from `start` to `end` seconds, as far as there are any."""
        first = min(max(round(start * self.rate), 0), self._file.frames)
        self._seek(first)
        return self._read(max(min(round(end * self.rate), self._file.frames) - first, 0))

    def _seek(self, frame: int) -> None:
        try:
            self._file.seek(frame)
        except soundfile.LibsndfileError as error:
            raise Unreadable(f"broken sound: {error.error_string}") from None

    def _read(self, frames: int) -> Samples:
        try:
            block = self._file.read(frames, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise Unreadable(f"broken sound: {error.error_string}") from None
        samples: Samples = np.nan_to_num(block, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
        return samples
