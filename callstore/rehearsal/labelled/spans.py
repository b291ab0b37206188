"""When somebody is heard in what was told, as (start, end) in Unix seconds."""

from typing import TypeAlias

import numpy as np

from callstore.rehearsal.labelled.scene import Scene
from callstore.rehearsal.labelled.voices import RATE, STEP, audible
from callstore.rehearsal.simulation.speech import Utterance

Span: TypeAlias = tuple[float, float]

PAUSE_S = 0.3  # as docs/fields.md counts speech


def voiced(of: Scene, words: Utterance) -> list[Span]:
    """Where there is a voice in what was said, pauses included that docs/fields.md bridges."""
    steps = audible(of.sound(words)).astype(int)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], steps, [0])))) * (STEP / RATE) + words.start
    return [(float(s), float(e)) for s, e in edges.reshape(-1, 2)]


def joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] < PAUSE_S:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def clipped(spans: list[Span], start: float, end: float) -> list[Span]:
    return [(max(s, start), min(e, end)) for s, e in spans if s < end and e > start]


def without(spans: list[Span], holes: list[Span]) -> list[Span]:
    for hole in holes:
        cut = [((s, min(e, hole[0])), (max(s, hole[1]), e)) for s, e in spans]
        spans = [(s, e) for pair in cut for s, e in pair if e - s > 0.001]
    return spans


def total(spans: list[Span]) -> float:
    return sum(e - s for s, e in spans)
