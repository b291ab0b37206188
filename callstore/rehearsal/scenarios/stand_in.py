"""Sound in place of a recording that did not come along: voices that say nothing, where somebody spoke.

A call that was kept as a test tells when either side spoke, and not how it sounded. An instance hears
recordings for itself, so it is given one in which it hears the same.
"""

import io
from collections.abc import Iterable

import numpy as np
import soundfile
from numpy.typing import NDArray

from callstore.domain.facts.events import RecordingAnalysed, Span

RATE = 8000
CALLER_HZ, AGENT_HZ = 118.0, 190.0  # the pitch of either
LEVEL, BREATH, HISS = 0.14, 0.01, 1e-4  # root mean square of a voice, in it of its breath, of the line
BAND_HZ = 3600.0
# Of a vowel that wanders: where each formant lies, how far and how fast it moves, its width and its strength.
FORMANTS = ((500, 250, 2.1, 90, 1.0), (1400, 500, 1.7, 120, 0.6), (2500, 200, 1.3, 160, 0.35))
SYLLABLES_HZ = 4.2

Samples = NDArray[np.float64]


def stand_in(heard: RecordingAnalysed) -> bytes:
    """A WAV of two channels in which the same speech is heard, give or take a second at its onset."""
    count, noise = round(heard.duration_s * RATE), np.random.default_rng(1)
    sound = noise.standard_normal((count, 2)) * HISS
    for channel, (spans, pitch) in enumerate(((heard.caller, CALLER_HZ), (heard.agent, AGENT_HZ))):
        _speak(sound[:, channel], spans, pitch)
    file = io.BytesIO()
    soundfile.write(file, sound, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def _speak(channel: Samples, spans: Iterable[Span], pitch_hz: float) -> None:
    for start, end in spans:
        first, last = round(start * RATE), min(round(end * RATE), len(channel))
        if last > first:
            channel[first:last] += _voice(last - first, pitch_hz)


def _voice(count: int, pitch_hz: float) -> Samples:
    """A pulse train through formants that move, louder and softer as syllables are."""
    at = np.arange(count) / RATE
    pitch = pitch_hz * (1 + 0.08 * np.sin(2 * np.pi * 0.7 * at) + 0.03 * np.sin(2 * np.pi * 3.1 * at))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    formants = [
        (hertz + reach * np.sin(2 * np.pi * speed * at + turn), width, strength)
        for turn, (hertz, reach, speed, width, strength) in enumerate(FORMANTS)
    ]
    sound = np.zeros(count)
    for harmonic in range(1, int(BAND_HZ / pitch_hz)):
        gains = (strength / (1 + ((harmonic * pitch - f) / width) ** 2) for f, width, strength in formants)
        sound += (sum(gains) + 0.004) * np.sin(harmonic * phase)
    sound *= np.clip(0.55 + 0.45 * np.sin(2 * np.pi * SYLLABLES_HZ * at), 0.12, 1)
    sound += BREATH * np.random.default_rng(count).standard_normal(count)
    level = float(np.sqrt(np.mean(sound**2))) or 1.0
    voiced: Samples = LEVEL * sound / level
    return voiced
