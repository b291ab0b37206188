"""What a telephone line carries besides speech: noise, music, tones, coughs, clicks, echo, mu-law."""

from collections.abc import Callable
from random import Random

import numpy as np
from numpy.random import Generator

from callstore.rehearsal.labelled.voices import RATE, Samples

KEYS = {"1": (697, 1209), "2": (697, 1336), "5": (770, 1336), "9": (852, 1477), "#": (941, 1477)}
CHORDS = ((262, 330, 392), (220, 277, 330), (294, 370, 440), (196, 247, 294))
MU = 255.0


def of(rng: Random) -> Generator:
    """Numpy's randomness from the story's."""
    return np.random.default_rng(rng.getrandbits(64))


def db(level: float) -> np.float32:
    """A level in dB as a factor."""
    return np.float32(10 ** (level / 20))


def white(count: int, rng: Generator) -> Samples:
    return rng.standard_normal(count).astype(np.float32)


def pink(count: int, rng: Generator) -> Samples:
    """The noise of rooms: as much in each octave."""
    return _shaped(count, rng, lambda hertz: 1 / np.sqrt(np.maximum(hertz, 20)))


def street(count: int, rng: Generator) -> Samples:
    """Low noise that swells and fades, as cars pass."""
    noise = _shaped(count, rng, lambda hertz: 1 / (1 + (hertz / 300) ** 2))
    swell = 1 + 0.8 * np.sin(2 * np.pi * np.arange(count) / RATE / rng.uniform(3, 9) + rng.uniform(0, 6))
    return (noise * swell / 1.15).astype(np.float32)


def hum(count: int, rng: Generator) -> Samples:
    """The mains and its overtones, with a little hiss."""
    at = np.arange(count) / RATE
    tones = sum(np.sin(2 * np.pi * 50 * n * at) / n for n in (2, 4, 6, 7, 9))
    return (tones + 0.2 * rng.standard_normal(count)).astype(np.float32)


FLOORS: dict[str, Callable[[int, Generator], Samples]] = {
    "white": white, "pink": pink, "street": street, "hum": hum,
}  # fmt: skip


def floor(kind: str, count: int, level_db: float, rng: Random) -> Samples:
    """A noise floor with this root mean square, in dB of full scale."""
    return FLOORS[kind](count, of(rng)) * db(level_db)


def music(seconds: float, rng: Random) -> Samples:
    """Chords of plucked strings, one every half second or so, as heard on hold."""
    count, beat = round(seconds * RATE), rng.uniform(0.35, 0.7)
    at = np.arange(count) / RATE
    sound = np.zeros(count)
    for number in range(int(seconds / beat) + 1):
        since = at - number * beat
        heard = (since >= 0) & (since < 2 * beat)
        fade = np.exp(-3 * since[heard] / beat)
        for hertz in CHORDS[number // 4 % len(CHORDS)]:
            sound[heard] += fade * (
                np.sin(2 * np.pi * hertz * since[heard]) + 0.4 * np.sin(4 * np.pi * hertz * since[heard])
            )
    return (sound * 0.05 * db(rng.uniform(-8, 3))).astype(np.float32)


def dtmf(rng: Random) -> Samples:
    """A few keys, pressed one after the other."""
    sounds = []
    for _ in range(rng.randrange(1, 6)):
        low, high = KEYS[rng.choice(list(KEYS))]
        at = np.arange(round(rng.uniform(0.07, 0.2) * RATE)) / RATE
        sounds += [np.sin(2 * np.pi * low * at) + np.sin(2 * np.pi * high * at)]
        sounds += [np.zeros(round(rng.uniform(0.05, 0.3) * RATE))]
    return (np.concatenate(sounds) * 0.12).astype(np.float32)


def cough(rng: Random) -> Samples:
    """One to three bursts of shaped noise."""
    bursts = []
    for _ in range(rng.randrange(1, 4)):
        count = round(rng.uniform(0.12, 0.35) * RATE)
        shape = np.exp(-np.linspace(0, rng.uniform(3, 6), count)) * np.minimum(1, np.arange(count) / 80)
        body = _shaped(count, of(rng), lambda hertz: np.exp(-(((hertz - 900) / 900) ** 2)))
        bursts += [body * shape * rng.uniform(0.08, 0.3), np.zeros(round(rng.uniform(0.1, 0.4) * RATE))]
    return np.concatenate(bursts).astype(np.float32)


def click(rng: Random) -> Samples:
    """A switch, a lost packet."""
    count = rng.randrange(8, 60)
    return (of(rng).uniform(-1, 1, count) * rng.uniform(0.1, 0.6)).astype(np.float32)


def echo(agent: Samples, delay_s: float, weaker_db: float, rng: Random) -> Samples:
    """The agent as it comes back from the caller's telephone: later, weaker, through a small room."""
    taps = round(rng.uniform(0.002, 0.02) * RATE)
    room = of(rng).standard_normal(taps) * np.exp(-np.linspace(0, 5, taps)) * 0.3
    room[0] = 1.0
    room /= np.sqrt(np.sum(room**2))
    late = round(delay_s * RATE)
    back = np.convolve(agent, room)[: len(agent)]
    return (np.concatenate([np.zeros(late), back])[: len(agent)] * db(-weaker_db)).astype(np.float32)


def mu_law(sound: Samples) -> Samples:
    """What eight bits of G.711 leave of it."""
    clipped = np.clip(sound, -1, 1)
    squeezed = np.sign(clipped) * np.log1p(MU * np.abs(clipped)) / np.log1p(MU)
    coded = np.round(squeezed * 127) / 127
    left: Samples = (np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(MU)) / MU).astype(np.float32)
    return left


def _shaped(count: int, rng: Generator, gain: Callable[[np.ndarray], np.ndarray]) -> Samples:
    """Noise with this spectrum and a root mean square of 1."""
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    sound = np.fft.irfft(np.fft.rfft(rng.standard_normal(count)) * gain(hertz), count)
    noise: Samples = (sound / max(np.sqrt(np.mean(sound**2)), 1e-9)).astype(np.float32)
    return noise
