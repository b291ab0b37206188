"""The AI's voice detector as a second ear: speech that it went on hearing where ours missed a word."""

from collections.abc import Iterable

from callstore.domain.facts.events import Span
from callstore.domain.facts.spans import Spans, clamp, subtract, total

# The AI's detector ends a turn after half a second of silence by default (guides/realtime-vad).
BREATH_S = 0.5
# So much at the beginning of a turn a detector may miss: a quiet word or two.
SYLLABLES_S = 1.0


def missed_speech(own: Spans, turns: Iterable[Span], closed: Spans, leg_end: float) -> Spans:
    """Where our detector missed a word and the AI's went on hearing, the caller spoke.

    A turn of the AI's has no pause that is longer than a breath. Only one that is mostly speech in the
    recording too is believed, and of one that nobody closed only its beginning.
    """
    missed: Spans = []
    for start, end in turns:
        end = min(end, leg_end)
        inside = clamp(own, start, end)
        if (start, end) in closed and total(inside) >= (end - start) / 2:
            holes = subtract([(start, end)], inside)
            missed += [h for h in holes if h[0] == start or h[1] == end or h[1] - h[0] > BREATH_S]
        elif inside and inside[0][0] - start <= SYLLABLES_S:
            missed.append((start, inside[0][0]))
    return missed
