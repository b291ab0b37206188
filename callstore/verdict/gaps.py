"""What other ears than the AI's wrote down: Twilio's transcription, and readings of gaps after the call.

None of it counts as the AI's transcript: it is shown where that has no words, marked with its source.
"""

from typing import Any

from callstore.domain.analysis.other_transcripts import LAG_S, Utterance, of_caller, within
from callstore.domain.facts.clock import iso
from callstore.domain.facts.events import Span
from callstore.domain.facts.spans import Spans, clamp, merge, subtract
from callstore.domain.facts.vocabulary import SourceState
from callstore.findings.rule import Case


def unwritten(of: Case) -> Spans:
    """When Twilio's transcription heard the caller and the AI wrote nothing, up to the leg's end.

    Only as sharp as words are laid: what sticks out of the AI's own words by no more than that is edge.
    """
    end = of.hearing.leg_end
    if end is None:
        return []
    spoken = merge((w.start, w.end) for w in of_caller(of.words))
    written = merge((s - LAG_S, e + LAG_S) for s, e in of.hearing.transcribed)
    return [s for s in subtract(clamp(spoken, 0.0, end), written) if s[1] - s[0] >= LAG_S]


def gaps(of: Case) -> Spans:
    """Caller speech without the AI's words: by the recording, or with none by Twilio's transcription."""
    return of.hearing.untranscribed if of.hearing.recorded else unwritten(of)


def gap_transcripts(of: Case, gap: Span, start: float | None) -> dict[str, Any]:
    """What was said in a gap by other ears, and where it lies in the recording, to be read there."""
    recording, begins = of.hearing.recording, of.hearing.recording_start
    lies = recording and begins is not None
    return {
        "words": [_words(w, start) for w in within(of.words, gap)],
        "recording": recording.sid if recording and lies else None,
        "recording_channel": 2 if of.hearing.swapped else 1,
        "recording_start_s": round(gap[0] - begins, 2) if begins is not None and lies else None,
        "recording_end_s": round(gap[1] - begins, 2) if begins is not None and lies else None,
    }


def other_transcripts(of: Case, start: float | None) -> list[dict[str, Any]]:
    """All of it by time, in seconds from the call's start."""
    return [_words(w, start) for w in of.words]


def _words(words: Utterance, start: float | None) -> dict[str, Any]:
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


def twilio_transcript_state(of: Case) -> SourceState:
    """Whether Twilio wrote the call down, in the contract's words for a source."""
    known = of.call.transcriptions.values()
    if any(t.written for t in known):
        return "present"
    if any(t.failed for t in known):
        return "failed"
    if not known:
        return "off"
    return "pending" if of.ending.end is None else "never_expected"
