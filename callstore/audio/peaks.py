"""A waveform at every zoom: pairs of least and greatest sample, 50 a second, then 4 times coarser each level.

The bytes, little endian, after audiowaveform's version 2 with levels added:

    4 bytes  magic "CSP1"
    u8       channels
    u8       levels
    u16      pairs a second of the first level
    u32      pairs of the first level, n; level k has ceil(n / 4**k)
    then for each level, for each channel, its pairs: i8 least, i8 greatest (full scale is ±127)

An hour of two channels is 720 KB of first level and a third of that above it.
"""

import math
import struct

import numpy as np
from numpy.typing import NDArray

from callstore.audio.wave import Samples

HEADER = struct.Struct("<4sBBHI")
MAGIC = b"CSP1"
PER_SECOND = 50  # finer than a pixel until the view is shorter than about half a minute
COARSER = 4
FULL_SCALE = 127

Pairs = NDArray[np.int8]  # (channels, pairs, 2)


class Pyramid:
    """Gathers a recording's peaks block by block; `encoded` gives the bytes."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._blocks: list[Pairs] = []

    def add(self, samples: Samples) -> None:
        """Takes the next (frames, channels). All blocks but the last hold whole seconds."""
        count = math.ceil(len(samples) * PER_SECOND / self._rate)
        # Rounded edges instead of a fixed width: rates that 50 does not divide must not drift.
        edges = np.arange(count) * self._rate // PER_SECOND
        least = np.floor(np.minimum.reduceat(samples, edges) * FULL_SCALE)
        greatest = np.ceil(np.maximum.reduceat(samples, edges) * FULL_SCALE)
        pairs = np.stack((least, greatest), axis=-1).clip(-FULL_SCALE, FULL_SCALE).astype(np.int8)
        self._blocks.append(pairs.swapaxes(0, 1))

    def encoded(self) -> bytes:
        """All levels, down to one of a single pair."""
        levels = [np.concatenate(self._blocks, axis=1)]
        while levels[-1].shape[1] > 1:
            levels.append(_coarser(levels[-1], COARSER))
        channels, count, _ = levels[0].shape
        header = HEADER.pack(MAGIC, channels, len(levels), PER_SECOND, count)
        return header + b"".join(level.tobytes() for level in levels)


def read(
    peaks: bytes, channel: int, start: float, end: float, px: int
) -> tuple[float, float, list[int], list[int]]:
    """The waveform of one channel (from 0) between two seconds in at most `px` columns.

    Gives (x0, dx, least, greatest): column i covers [x0 + i·dx, x0 + (i + 1)·dx) seconds, full scale is
    ±127, and every sample in it lies between its least and greatest. Where nothing was recorded there
    are no columns. Raises ValueError for bytes that `Pyramid` did not write or a channel not in them.
    """
    channels, levels, per_second, count = _header(peaks)
    if not 0 <= channel < channels:
        raise ValueError(f"no channel {channel} among {channels}")
    first = max(0, math.floor(start * per_second))
    last = min(count, math.ceil(end * per_second))
    if last <= first or px < 1:
        return max(start, 0.0), 1 / per_second, [], []
    level = 0
    while level < levels - 1 and (last - first) / COARSER ** (level + 1) >= px:
        level += 1
    width = COARSER**level
    first, last = first // width, math.ceil(last / width)
    group = math.ceil((last - first) / px)
    last += (first - last) % group  # the last column is whole too, as far as there is sound
    pairs = _level(peaks, channels, count, level)[channel : channel + 1, first:last]
    columns = _coarser(pairs, group)[0]
    seconds = width / per_second
    return first * seconds, group * seconds, columns[:, 0].tolist(), columns[:, 1].tolist()


def _header(peaks: bytes) -> tuple[int, int, int, int]:
    if len(peaks) < HEADER.size:
        raise ValueError("too short for peaks")
    magic, channels, levels, per_second, count = HEADER.unpack_from(peaks)
    sizes = [channels * math.ceil(count / COARSER**k) * 2 for k in range(levels)]
    if magic != MAGIC or not per_second or len(peaks) != HEADER.size + sum(sizes):
        raise ValueError("not peaks")
    return channels, levels, per_second, count


def _level(peaks: bytes, channels: int, count: int, level: int) -> Pairs:
    sizes = [math.ceil(count / COARSER**k) for k in range(level + 1)]
    offset = HEADER.size + channels * 2 * sum(sizes[:-1])
    flat = np.frombuffer(peaks, np.int8, channels * 2 * sizes[-1], offset)
    return flat.reshape(channels, sizes[-1], 2)


def _coarser(pairs: Pairs, group: int) -> Pairs:
    edges = np.arange(0, pairs.shape[1], group)
    least = np.minimum.reduceat(pairs[..., 0], edges, axis=1)
    greatest = np.maximum.reduceat(pairs[..., 1], edges, axis=1)
    coarser: Pairs = np.stack((least, greatest), axis=-1)
    return coarser
