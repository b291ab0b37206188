"""Stored recordings for readers' tests."""

import io

import numpy as np

from callstore.audio.peaks import Pyramid
from callstore.media.storage import storage

RATE = 8000


def kept_peaks(key, *, seconds, loud=(0.0, 0.0), channels=2):
    """The waveform of silence with a tone on the first channel between two seconds."""
    samples = np.zeros((seconds * RATE, channels), np.float32)
    start, end = (int(second * RATE) for second in loud)
    samples[start:end, 0] = 0.9 * np.sin(np.arange(end - start))
    pyramid = Pyramid(RATE)
    pyramid.add(samples)
    storage().put(key, io.BytesIO(pyramid.encoded()))
