"""One side's voice coming back on the other side's channel, told from that side's own by coherence."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from callstore.audio.wave import Samples, Sound
from callstore.domain.facts.events import Span

LONGEST_LAG_S = 0.5  # a mobile network and a loudspeaker in a room; beyond it nobody calls it echo
# Long enough that two strangers' voices do not match by chance, short enough to part echo from an answer.
PIECE_S = 1.0
SHORTEST_PIECE_S = 0.5
BAND_HZ = (300, 3400)  # what every telephone passes
# A frame holds a small room's reverberation (some 20 ms) three times over; half overlapping, a piece of half
# a second still has 14 of them, and fewer than 4 say nothing.
FRAME_S = 0.064
LEAST_FRAMES = 4
# The share of a piece that the other side explains. One of 185 pieces of unrelated speech had more; of 960 s
# of labelled echo (9 to 34 dB down, through rooms, noise, keys and mu-law) 2.4 % had less. Pieces this much
# weaker than the speaker alone need less of a likeness: with them 1.2 % are left. Nobody gets so quiet by
# being interrupted: the 185 were 5 dB weaker at most.
ALIKE = 0.25
FAINT_ALIKE, FAINT_DB = 0.1, 12.0
# An echo comes back at least 6 dB weaker (the echo return loss that ITU-T G.168 counts on). Who speaks over
# the other side is louder than that, so true double talk stays theirs.
WEAKER_DB = 6.0
SILENT = 1e-12


def split(
    sound: Sound, spans: Sequence[Span], others: Sequence[Span], channel: int = 0
) -> tuple[list[Span], list[Span]]:
    """The speech on one of two channels as (its own, the other side's echo), both sorted and apart.

    `spans` is the speech on `channel`, `others` that on the other one.
    """
    pieces = [piece for span in spans for piece in _pieces(span)]
    ends = [end for _, end in others]
    both = [_over(piece, others, ends) for piece in pieces]
    alone = [piece for piece, over in zip(pieces, both, strict=True) if not over]
    usual = float(np.median([_power_of(sound, piece, channel) for piece in alone])) if alone else 0.0
    own: list[Span] = []
    echo: list[Span] = []
    for piece, over in zip(pieces, both, strict=True):
        echoes = over and _is_echo(sound, piece, channel, usual)
        _extend(echo if echoes else own, piece)
    return own, echo


def _pieces(span: Span) -> Iterator[Span]:
    start, end = span
    count = max(1, round((end - start) / PIECE_S))
    return pairwise([*(round(start + (end - start) * i / count, 3) for i in range(count)), end])


def _over(piece: Span, others: Sequence[Span], ends: Sequence[float]) -> bool:
    """Whether the other side spoke in a piece, or just before. Its spans are sorted and apart."""
    later = bisect_right(ends, piece[0] - LONGEST_LAG_S)
    return later < len(others) and others[later][0] < piece[1]


def _power_of(sound: Sound, piece: Span, channel: int) -> float:
    return float(np.mean(np.square(sound.between(*piece)[:, channel])))


def _is_echo(sound: Sound, piece: Span, channel: int, usual: float) -> bool:
    start, end = piece
    margin = max(0.0, (SHORTEST_PIECE_S - (end - start)) / 2)
    start, end = max(0.0, start - margin), end + margin
    lags = round(LONGEST_LAG_S * sound.rate)
    both = sound.between(start - LONGEST_LAG_S, end)
    heard = both[min(lags, round(start * sound.rate)) :, channel]
    said = both[:, 1 - channel]
    said = np.pad(said, (max(0, lags + len(heard) - len(said)), 0))  # before the recording there was nothing
    alike, weaker_db = likeness(heard, said, sound.rate)
    faint = np.mean(np.square(heard)) < usual * 10 ** (-FAINT_DB / 10)
    return alike >= (FAINT_ALIKE if faint else ALIKE) and weaker_db >= WEAKER_DB


def likeness(heard: Samples, said: Samples, rate: int) -> tuple[float, float]:
    """How much of `heard` is `said`, come back (0 to 1), and how many dB weaker that part is.

    Both are one channel; `said` is at least as long and ends when `heard` does. The share is the coherence of
    the two at the lag that fits best: averaged over the band, or over its energy, whichever is more, since a
    tone or rumble beside an echo has its energy in few frequencies, and hiss beside it in many.
    """
    lag = _lag(heard, said, rate)
    voice, source = _frames(heard, rate), _frames(said[lag : lag + len(heard)], rate)
    if len(voice) < LEAST_FRAMES:
        return 0.0, 0.0
    power, sent = _power(voice), _power(source)
    together = np.abs(np.sum(voice * np.conj(source), axis=0)) ** 2
    by_chance = 1 / len(voice)
    shared = np.clip((together / np.maximum(power * sent, SILENT) - by_chance) / (1 - by_chance), 0.0, 1.0)
    back = float(np.sum(shared * power))
    if back <= SILENT:
        return 0.0, 0.0
    alike = max(float(shared.mean()), back / float(power.sum()))
    return alike, 10 * math.log10(float(sent.sum()) / back)


def _lag(heard: Samples, said: Samples, rate: int) -> int:
    """From which sample of `said` on it is most like `heard`, by the phases of all frequencies alike."""
    size = 1 << math.ceil(math.log2(len(said) + len(heard)))
    cross = np.fft.rfft(said, size) * np.conj(np.fft.rfft(heard, size))
    hertz = np.arange(len(cross)) * rate / size
    weight = np.abs(cross)
    # Frequencies a thousand times weaker than the strongest are noise, and get no full vote.
    phases = cross / np.maximum(weight, weight.max() / 1000 + SILENT)
    phases[(hertz < BAND_HZ[0]) | (hertz > BAND_HZ[1])] = 0
    return int(np.abs(np.fft.irfft(phases, size)[: len(said) - len(heard) + 1]).argmax())


def _frames(samples: Samples, rate: int) -> NDArray[np.complex128]:
    """Spectra of overlapping frames, within the band."""
    length = round(FRAME_S * rate)
    if len(samples) < length:
        return np.zeros((0, 0), dtype=np.complex128)
    frames = np.lib.stride_tricks.sliding_window_view(samples, length)[:: length // 2]
    first, last = (round(hertz * length / rate) for hertz in BAND_HZ)
    spectra: NDArray[np.complex128] = np.fft.rfft(frames * np.hanning(length), axis=1)[:, first:last]
    return spectra


def _power(spectra: NDArray[np.complex128]) -> NDArray[np.float64]:
    power: NDArray[np.float64] = np.sum(np.abs(spectra) ** 2, axis=0)
    return power


def _extend(spans: list[Span], piece: Span) -> None:
    if spans and spans[-1][1] == piece[0]:
        spans[-1] = (spans[-1][0], piece[1])
    else:
        spans.append(piece)
