"""Where somebody speaks on each channel, by the scores of a voice detector at its step of 32 ms."""

from array import array
from collections.abc import Sequence

import numpy as np

from callstore.audio.detector.detector import STEP_MS, Detector, Scores
from callstore.audio.wave import Samples
from callstore.domain.facts.events import Span

# The model and our reading of it. Raise the last number when a constant below changes: a recording is
# analysed again where the log holds no result of this version.
ANALYSER = "silero-lite-0.4/2"

STEP_S = STEP_MS / 1000
# Silero's published hysteresis is 0.5 and 0.35. Over a telephone quiet vowels dip below it in the middle of
# words, and after an echo or a cough it may dream on for a second at 0.2 to 0.45. So speech begins a little
# earlier, and is over when for a quarter of a second nothing was surely speech (which docs/fields.md bridges
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
# So much is looked at at once. After a digital silence of this length (4 s) every score has sunk below 0.01,
# and what follows of it need not be scored.
STRETCH_STEPS = 125
# "No" takes 0.15 s; tones, key clicks, breath and bursts of noise never passed ENTER at all.
SHORTEST_S = 0.1


class Listener:
    """Hears all channels of a recording in order, block by block; `spans` then tells when somebody spoke."""

    def __init__(self, rate: int, channels: int = 1) -> None:
        self._rate = rate
        # The model knows two rates. Telephone audio stays at its own 8 kHz: no resampling, half the work.
        self._model_rate = 16_000 if rate >= 16_000 else 8_000
        self._detector = Detector(self._model_rate, channels)
        self._scores = [array("f") for _ in range(channels)]  # half a million of them in a call of 4 hours
        self._powers = [array("f") for _ in range(channels)]
        self._silent = False  # whether nothing at all sounded in the last stretch
        self._untold = 0  # stretches of silence that the model has not been given

    def hear(self, block: Samples) -> None:
        """Takes the next samples (frames, channels). All blocks but the last hold whole steps."""
        wave = resampled(block, self._rate, self._model_rate)
        size = self._detector.step
        wave = np.pad(wave, ((0, -len(wave) % size), (0, 0)))
        for at in range(0, len(wave), STRETCH_STEPS * size):
            stretch = wave[at : at + STRETCH_STEPS * size]
            powers = np.mean(np.square(stretch.reshape(-1, size, stretch.shape[1])), axis=1)
            scores = self._score(stretch, len(powers))
            for channel in range(stretch.shape[1]):
                self._powers[channel].frombytes(np.ascontiguousarray(powers[:, channel]).tobytes())
                self._scores[channel].frombytes(np.ascontiguousarray(scores[:, channel]).tobytes())

    def _score(self, stretch: Samples, steps: int) -> Scores:
        """How likely there is speech in each step. A long silence costs nothing until there is sound again.

        Then the model is told of it after all: it remembers what went before, and scores as if it had been.
        """
        before, self._silent = self._silent, not stretch.any()
        if before and self._silent and steps == STRETCH_STEPS:
            self._untold += 1
            return np.zeros((steps, stretch.shape[1]), dtype=np.float32)
        if self._untold:
            nothing = np.zeros((STRETCH_STEPS * self._detector.step, stretch.shape[1]), dtype=np.float32)
            while self._untold:
                self._detector.scores(nothing)
                self._untold -= 1
        return self._detector.scores(stretch)

    def spans(self, duration_s: float) -> list[tuple[Span, ...]]:
        """Speech on each channel in seconds from the first sample: sorted, apart, inside the recording."""
        heard = zip(self._scores, self._powers, strict=True)
        return [spans(scores, powers, duration_s) for scores, powers in heard]


def resampled(samples: Samples, rate: int, target: int) -> Samples:
    """The mean over each new sample's interval: a box filter, good enough to tell speech from none."""
    if rate == target:
        return samples
    edges = np.linspace(0, len(samples), round(len(samples) * target / rate) + 1)
    whole = np.arange(len(samples) + 1)
    total = np.concatenate((np.zeros((1, samples.shape[1])), np.cumsum(samples, axis=0, dtype=np.float64)))
    at = np.stack([np.interp(edges, whole, channel) for channel in total.T], axis=1)
    means: Samples = (np.diff(at, axis=0) / np.diff(edges)[:, None]).astype(np.float32)
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
