"""Opens a recording and hands out its samples a block at a time, so that a long call needs no more memory."""

import io
from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

import numpy as np
import soundfile
from numpy.typing import NDArray

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
        if self.channels > CHANNELS:
            raise Unreadable(f"{self.channels} channels")
        if self.rate not in RATES:
            raise Unreadable(f"a sample rate of {self.rate} Hz")
        self.duration_s: float = self._file.frames / self.rate
        if not 0 < self.duration_s <= LONGEST_S:
            raise Unreadable(f"a duration of {self.duration_s:.0f} s")
        if (samples := self._file.frames * self.channels) > MOST_SAMPLES:
            raise Unreadable(f"{samples:,} samples")

    def blocks(self) -> Iterator[Samples]:
        """All samples from the first on, in blocks of whole seconds; the last may be shorter."""
        self._seek(0)
        whole = WHOLE_S * self.rate
        size, left = BLOCK_FRAMES // whole * whole, self._file.frames
        while left > 0:
            block = self._read(min(left, size))
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
