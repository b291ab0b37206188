"""Caller speech without the AI's transcript, and the words of other ears, on the call's axis."""

from callstore.domain.analysis.other_transcripts import Utterance, within
from callstore.domain.facts.clock import iso
from callstore.domain.facts.events import Span
from callstore.domain.facts.spans import clamp
from callstore.domain.facts.vocabulary import LossKind
from callstore.findings.rule import Case
from callstore.report.document_judgement import GapPart
from callstore.report.document_parts import UtterancePart
from callstore.report.stable.moments import zero
from callstore.verdict.gaps import gaps


def gap_parts(of: Case) -> list[GapPart]:
    """Each gap with its kind, the words that other ears heard in it, and its place in the recording."""
    start = zero(of)
    return [] if start is None else [_gap(of, gap, start) for gap in gaps(of)]


def other_words(of: Case) -> list[UtterancePart]:
    """All that other ears wrote down, by time."""
    return [_utterance(words, zero(of)) for words in of.words]


def _gap(of: Case, gap: Span, start: float) -> GapPart:
    recording, begins = of.hearing.recording, of.hearing.recording_start
    lies = recording and begins is not None
    return {
        "start_s": round(gap[0] - start, 3),
        "end_s": round(gap[1] - start, 3),
        "kind": _kind(of, gap),
        "words": [_utterance(words, start) for words in within(of.words, gap)],
        "recording": recording.sid if recording and lies else None,
        "recording_channel": 2 if of.hearing.swapped else 1,
        "recording_start_s": round(gap[0] - begins, 2) if begins is not None and lies else None,
        "recording_end_s": round(gap[1] - begins, 2) if begins is not None and lies else None,
    }


def _kind(of: Case, gap: Span) -> LossKind:
    hearing = of.hearing
    unheard = hearing.not_heard if hearing.recorded else hearing.unheard_in([gap])
    return hearing.kind_of([gap], clamp(unheard, *gap))


def _utterance(words: Utterance, start: float | None) -> UtterancePart:
    return {
        "at": iso(words.start),
        "start_s": None if start is None else round(words.start - start, 3),
        "end_s": None if start is None else round(words.end - start, 3),
        "text": words.text,
        "speaker": words.speaker,
        "track": words.track,
        "source": words.source,
        "final": words.final,
        "spread_s": words.spread_s,
        "positions": list(words.positions),
    }
