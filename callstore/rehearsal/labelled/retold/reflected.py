"""What a Live sideband reflects of both sides, as who keeps it keeps it: a second of a side in one event.

Reflected is what reached the model: what it never heard is silence there (openai SDK 3.57.0, types/live).
"""

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from callstore.rehearsal.simulation.speech import Speaker, Utterance

SHARE = 0.5
STRETCH_S, STEP_S = 1.0, 0.02
LAG_S = 0.03  # of the network; no audio waits
BYTES_PER_S = 48_000

CARRIERS: dict[Speaker, tuple[str, str]] = {
    "caller": ("session.input_audio.append", "audio"),
    "agent": ("session.output_audio.delta", "delta"),
}


def chosen(seed: int, number: int) -> bool:
    """Whether the sideband of a call through Live is listened to for its sound."""
    return Random(f"reflected:{seed}:{number}").random() < SHARE


def reflected(
    spoken: Iterable[Utterance], zero: float, until: float
) -> Iterator[tuple[float, dict[str, Any]]]:
    """Every second of both sides from the session's start to its end, with who spoke in which 20 ms."""
    said = list(spoken)
    for who, (kind, field) in CARRIERS.items():
        mine = [(words.start, words.end) for words in said if words.who == who and words.heard]
        start = zero
        while until - start >= STEP_S:
            steps = round(min(STRETCH_S, until - start) / STEP_S)
            bits = "".join(_bit(mine, start + (n + 0.5) * STEP_S) for n in range(steps))
            length, from_ms = steps * STEP_S, round((start - zero) * 1000)
            told: dict[str, Any] = {"type": kind, field: None, "audio_bytes": round(length * BYTES_PER_S)}
            told |= {"audio_ms": round(length * 1000, 1), "speech": bits}
            if who == "agent":
                told |= {"start_ms": from_ms, "end_ms": from_ms + round(length * 1000)}
            yield start + length + LAG_S, told
            start += length


def _bit(spans: Iterable[tuple[float, float]], at: float) -> str:
    return "1" if any(start <= at < end for start, end in spans) else "0"
