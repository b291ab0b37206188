"""What other ears than the AI's wrote down: Twilio's transcription, and readings of gaps after the call.

None of it counts as the AI's transcript: it is shown where that has no words, marked with its source.
"""

from callstore.domain.analysis.other_ear import beyond, other_ear
from callstore.domain.facts.spans import Spans
from callstore.domain.facts.vocabulary import SourceState
from callstore.findings.rule import Case


def unwritten(of: Case) -> Spans:
    """When another ear than the recording heard the caller and the AI wrote nothing, up to the leg's end."""
    ear = other_ear(of.hearing, of.words)
    return beyond(ear, of.hearing.transcribed, of.hearing) if ear else []


def reflected_throughout(of: Case) -> bool:
    """Whether all that reached the AI in its leg is known: then there was no more than that."""
    received, end, leg = of.hearing.received, of.hearing.leg_end, of.call.ai_leg
    if received is None or end is None:
        return False
    start = leg.answered.at.latest if leg and leg.answered else received.kept[0][0]
    return received.covers(start, end)


def gaps(of: Case) -> Spans:
    """Caller speech without the AI's words: by the recording, or with none by another ear."""
    return of.hearing.untranscribed if of.hearing.recorded else unwritten(of)


def twilio_transcript_state(of: Case) -> SourceState:
    """Whether Twilio wrote the call down, in the words of docs/fields.md for a source."""
    known = of.call.transcriptions.values()
    if any(t.written for t in known):
        return "present"
    if any(t.failed for t in known):
        return "failed"
    if not known:
        return "off"
    return "pending" if of.ending.end is None else "never_expected"
