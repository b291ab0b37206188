"""Who tells when the caller spoke where no recording does: the AI's sideband, or Twilio's transcription."""

from collections.abc import Iterable
from typing import NamedTuple

from callstore.domain.analysis.hearing import EDGE_S, SLIVER_S, Hearing
from callstore.domain.analysis.other_transcripts import LAG_S, Utterance, of_caller
from callstore.domain.facts.spans import Spans, clamp, merge, subtract
from callstore.domain.facts.vocabulary import TruncationBasis


class OtherEar(NamedTuple):
    """When the caller spoke by this ear, and how far the edges of that may be off."""

    basis: TruncationBasis
    spoken: Spans
    edge_s: float
    shortest_s: float  # what sticks out by less is edge
    positions: tuple[int, ...] = ()


def other_ear(hearing: Hearing, words: Iterable[Utterance]) -> OtherEar | None:
    """The better one of those that are there; sound is sharper than words, if it was kept to the end."""
    received, heard = hearing.received, of_caller(words)
    if received and (not heard or hearing.leg_end is None or received.reaches(hearing.leg_end)):
        told = [position for _, position in received.told]
        return OtherEar("ai_audio", hearing.received_own, EDGE_S, SLIVER_S, (told[0], told[-1]))
    if not heard:
        return None
    found = tuple(position for w in heard for position in w.positions)
    return OtherEar("twilio_transcript", merge((w.start, w.end) for w in heard), LAG_S, LAG_S, found)


def beyond(ear: OtherEar, known: Spans, hearing: Hearing) -> Spans:
    """What the caller said outside of what is known, and while the AI was to listen, up to the leg's end."""
    if hearing.leg_end is None:
        return []
    covered = merge((s - ear.edge_s, e + ear.edge_s) for s, e in [*known, *hearing.held])
    # What the leg's end cuts short is no edge.
    told = [s for s in subtract(ear.spoken, covered) if s[1] - s[0] >= ear.shortest_s]
    return clamp(told, hearing.since, hearing.leg_end)
