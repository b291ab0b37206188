"""What other ears than the AI's wrote down: Twilio's transcription, and readings of gaps after the call.

None of it counts as the AI's transcript: it is shown where that has no words, marked with its source.
"""

from callstore.domain.analysis.other_transcripts import LAG_S, of_caller
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
