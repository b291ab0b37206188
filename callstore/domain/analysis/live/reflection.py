"""What the sideband reflected, on the wall's clock: when somebody spoke, and of which time that is known."""

from bisect import bisect_left, bisect_right
from typing import Literal, NamedTuple

from callstore.domain.call.live import Live
from callstore.domain.facts.events import AudioReflected, Span
from callstore.domain.facts.spans import Spans, merge, subtract, total

# Of 20 ms each is told alone: between two vowels there may be this much without a voice (contract,
# untranscribed_caller_speech_s bridges it), and what then stands alone and is shorter is a click.
BETWEEN_VOWELS_S = 0.3
CLICK_S = 0.1
# Frames come over a network; a hole that is shorter than this is one of its hiccups.
HICCUP_S = 0.5
# A leg ends in the second of its stamp, and some moments after its session.
NEAR_S = 3.0
# An observer attaches within a second or two of the answer: before, its socket is refused.
ATTACHED_S = 4.0


def _start(told: tuple[Span, int]) -> float:
    return told[0][0]


class Reflection(NamedTuple):
    """Speech of one side, the stretches of time in which it would be known (`kept`), and what says so.

    `told` has each fact's stretch with its position, by time.
    """

    speech: Spans
    kept: Spans
    told: tuple[tuple[Span, int], ...]

    def reaches(self, end: float) -> bool:
        """Whether it was kept up to there, give or take the whole seconds of Twilio's stamps."""
        return bool(self.kept) and end - self.kept[-1][1] <= NEAR_S

    def covers(self, start: float, end: float) -> bool:
        """Whether it was kept all the time, but for the moment in which somebody attached."""
        return self.reaches(end) and total(subtract([(start, end)], self.kept)) <= ATTACHED_S

    def positions(self, span: Span) -> tuple[int, ...]:
        """The first and the last fact that tell of a stretch: there may be fifty a second."""
        first = max(0, bisect_right(self.told, span[0], key=_start) - 1)
        if self.told[first][0][1] <= span[0]:
            first += 1
        found = self.told[first : bisect_left(self.told, span[1], key=_start)]
        return tuple(dict.fromkeys(position for _, position in [*found[:1], *found[-1:]]))


def reflection(live: Live, side: Literal["caller", "agent"], zero: float | None) -> Reflection | None:
    """What was kept of one side; None where nobody kept any. `zero` is when the session's clock was at 0."""
    found = sorted(
        ((_begun(seen.at.at, heard, zero), heard, seen.position)
        for seen, heard in live.reflected
        if heard.side == side),
        key=lambda each: (each[0], each[2]),
    )  # fmt: skip
    if not found:
        return None
    spoken = merge(
        ((at + start, at + end) for at, heard, _ in found for start, end in heard.speech), BETWEEN_VOWELS_S
    )
    told = tuple(((at, at + heard.duration_s), position) for at, heard, position in found)
    kept = merge((span for span, _ in told), HICCUP_S)
    return Reflection([s for s in spoken if s[1] - s[0] >= CLICK_S], kept, told)


def _begun(came: float, heard: AudioReflected, zero: float | None) -> float:
    """When a stretch began: by the session's clock where it says so, else as it came."""
    if heard.start_ms is not None and zero is not None:
        return zero + heard.start_ms / 1000
    return came - heard.duration_s
