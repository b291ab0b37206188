"""Sounds for tests: the scenarios' recordings as sources of speech, and WAV bytes of any samples."""

import io

import numpy as np
import soundfile

from tests.places import SCENARIOS

RATE = 8000


def speech(scenario, channel):
    """One channel of a scenario's recording, samples at 8 kHz."""
    samples, rate = soundfile.read(SCENARIOS / scenario / "recording.wav", dtype="float32")
    assert rate == RATE
    return samples[:, channel]


def wav(*channels, rate=RATE, format="WAV", subtype=None):
    """Channels of equal length as the bytes of a sound file."""
    buffer = io.BytesIO()
    soundfile.write(buffer, np.column_stack(channels), rate, format=format, subtype=subtype)
    return buffer.getvalue()


def silence(seconds, rate=RATE):
    return np.zeros(round(seconds * rate), dtype=np.float32)


def noise(length, level_db, seed=7):
    """White noise with the given level in dB of full scale."""
    return np.random.default_rng(seed).normal(0, 10 ** (level_db / 20), length).astype(np.float32)


def echo_of(samples, *, delay_s, weaker_db):
    """The samples as they come back: later and weaker."""
    late = np.concatenate((silence(delay_s), samples))[: len(samples)]
    return late * np.float32(10 ** (-weaker_db / 20))


def total(spans):
    return sum(end - start for start, end in spans)


def bridged(spans, pause_s=0.3):
    """Spans with shorter pauses filled, as the caller's speech is counted (docs/fields.md)."""
    merged = []
    for start, end in spans:
        if merged and start - merged[-1][1] < pause_s:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def flac_of_silence(rate, channels, *, hours):
    """The bytes of a FLAC that unpacks to very much of nothing."""
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", rate, channels, format="FLAC", subtype="PCM_16") as file:
        for _ in range(round(hours * 360)):
            file.write(np.zeros((rate * 10, channels), dtype=np.int16))
    return buffer.getvalue()
