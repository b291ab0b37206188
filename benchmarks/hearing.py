"""Hearing a recording of four hours on one core, beside numpy alone, which reads it and takes its loudness.

Two channels at 8 kHz of talk on a noisy line, the agent's echo in half of it. Rates are seconds of sound a
second of processor time; memory is the most that was resident in a process of its own that has loaded Django
and Celery, as a fetcher has.
"""

import re
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

from benchmarks.harness.compare import demanded, table

HOURS = 4
RATE = 8_000
SCENARIOS = Path(__file__).parents[1] / "tests" / "scenarios"
NOISE = 0.002  # of full scale: -54 dB
ECHO, ECHO_S = 0.1, 0.2  # 20 dB down, and so much later


class Heard(NamedTuple):
    """Seconds of sound a second of processor time, and MB resident at most."""

    rate: float
    resident_mb: float


def recording(path: Path) -> None:
    """Writes a recording of so many hours, a minute after the other."""
    talk = np.concatenate([soundfile.read(p)[0] for p in sorted(SCENARIOS.glob("*/recording.wav"))])
    echoed = talk.copy()
    late = round(ECHO_S * RATE)
    echoed[late:, 0] += ECHO * talk[:-late, 1]
    both, rng, left = np.concatenate((talk, echoed)), np.random.default_rng(1), HOURS * 3600 * RATE
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16") as file:
        while left > 0:
            piece = both[:left]
            file.write(np.clip(piece + rng.normal(0, NOISE, piece.shape), -1, 1))
            left -= len(piece)


def hearing(path: Path) -> None:
    """As a fetcher hears it."""
    from callstore.audio.analysis import analyse

    with path.open("rb") as file:
        heard = analyse(file)
    assert heard.caller and heard.agent and heard.echo


def loudness(path: Path) -> None:
    """As numpy alone reads it: the loudness of each tenth of a second."""
    width, block = RATE // 10, RATE * 60
    with path.open("rb") as file:
        file.seek(44)  # the header
        while len(samples := np.fromfile(file, np.int16, block * 2)):
            frames = samples[: len(samples) // (width * 2) * width * 2].astype(np.float32)
            np.sqrt(np.mean(np.square(frames.reshape(-1, width, 2)), axis=1))


def alone(work: Callable[[Path], None], path: Path) -> Heard:
    """What a piece of work costs in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, work, path).result()


def _measured(work: Callable[[Path], None], path: Path) -> Heard:
    import django

    django.setup()
    import ingest.recordings.tasks  # noqa: F401  (what a fetcher has loaded)

    began = time.process_time()
    work(path)
    rate = HOURS * 3600 / (time.process_time() - began)
    # Not getrusage: that remembers what the process was before it became this one.
    [most] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return Heard(rate, int(most) / 1024)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.wav"
        recording(path)
        peer, ours = alone(loudness, path), alone(hearing, path)
    demanded("hearing a recording of 4 hours, times real time on one core", ours.rate, least=250)
    demanded("hearing a recording of 4 hours, MB resident", ours.resident_mb, most=300)
    rows = [
        ["numpy, reading and loudness", peer.rate, 1, peer.resident_mb],
        ["speech, echo and peaks", ours.rate, ours.rate / peer.rate, ours.resident_mb],
    ]
    table(["4 hours of two channels", "times real time", "ratio", "MB resident"], rows)
