"""The agent's voice coming back on the caller's channel, told from the caller's own by correlation."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from callstore.audio.wave import Samples, Sound
from callstore.domain.events import Span

LONGEST_LAG_S = 0.5  # a mobile network and a loudspeaker in a room; beyond it nobody calls it echo
# Long enough that two strangers' voices do not match by chance, short enough to part echo from an answer.
PIECE_S = 1.0
SHORTEST_PIECE_S = 0.5
# Unrelated speech reached 0.36 in pieces of 0.5 s and 0.22 in pieces of 1 s; echo 20 dB down, through a
# room and mu-law with noise, had a median of 0.52, and 0.97 without the room.
ALIKE = 0.4
# An echo comes back at least 6 dB weaker (the echo return loss that ITU-T G.168 counts on). A caller who
# speaks over the agent is louder than that, so true double talk stays the caller's.
WEAKER_DB = 6.0


def split(sound: Sound, caller: Sequence[Span], agent: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """The spans of the caller's channel as (the caller's own, the agent's echo), both sorted and apart."""
    own: list[Span] = []
    echo: list[Span] = []
    for start, end in caller:
        count = max(1, round((end - start) / PIECE_S))
        edges = [round(start + (end - start) * i / count, 3) for i in range(count)] + [end]
        for piece in pairwise(edges):
            _extend(echo if _is_echo(sound, piece, agent) else own, piece)
    return own, echo


def _is_echo(sound: Sound, piece: Span, agent: Sequence[Span]) -> bool:
    start, end = piece
    if not any(a < end and b > start - LONGEST_LAG_S for a, b in agent):
        return False
    margin = max(0.0, (SHORTEST_PIECE_S - (end - start)) / 2)
    start, end = max(0.0, start - margin), end + margin
    heard = sound.between(start, end)[:, 0]
    before = min(LONGEST_LAG_S, start)
    said = sound.between(start - before, end)[:, 1]
    alike, weaker_db = likeness(heard, said)
    return alike >= ALIKE and weaker_db >= WEAKER_DB


def likeness(heard: Samples, said: Samples) -> tuple[float, float]:
    """The best normalised correlation of `heard` with any stretch of `said`, and how many dB weaker it is.

    Both are one channel at one rate; `said` is at least as long and ends when `heard` does, so that the
    stretches are those of every lag. Silence is like nothing.
    """
    lags = len(said) - len(heard) + 1
    size = 1 << math.ceil(math.log2(len(said) + len(heard)))
    product = np.fft.rfft(said, size) * np.conj(np.fft.rfft(heard, size))
    match = np.abs(np.fft.irfft(product, size)[:lags])
    energy = _energies(said, len(heard), lags)
    power = float(np.sum(np.square(heard, dtype=np.float64)))
    if power <= 0 or energy.max() <= 0:
        return 0.0, 0.0
    # A stretch a hundred times weaker than the loudest is noise: dividing by it would invent likeness.
    scores = np.where(energy > energy.max() / 100, match / np.sqrt(np.maximum(energy, 1e-12) * power), 0.0)
    best = int(scores.argmax())
    return float(scores[best]), float(10 * np.log10(energy[best] / power))


def _energies(said: Samples, length: int, lags: int) -> NDArray[np.float64]:
    total = np.concatenate(([0.0], np.cumsum(np.square(said, dtype=np.float64))))
    sums: NDArray[np.float64] = total[length : length + lags] - total[:lags]
    return sums


def _extend(spans: list[Span], piece: Span) -> None:
    if spans and spans[-1][1] == piece[0]:
        spans[-1] = (spans[-1][0], piece[1])
    else:
        spans.append(piece)
