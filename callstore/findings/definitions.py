"""Named definitions with a version: `truncated` and the kind of gap. Changing one moves RULES_VERSION."""

from typing import Literal, NamedTuple, TypeAlias

from callstore.domain.hearing import SLIVER_S, heard_untranscribed_s
from callstore.domain.spans import clamp, subtract, total
from callstore.findings.other_ears import unwritten
from callstore.findings.rule import Case, Finding

RULES_VERSION = 1

# Contract §5: speaking in the last 2.0 s, and at least 1.5 s of the closing stretch without a transcript.
CLOSING_S = 2.0
LOST_S = 1.5

GapKind: TypeAlias = Literal["none", "pending", "heard_not_transcribed", "not_heard", "unknown"]
Basis: TypeAlias = Literal["recording", "twilio_transcript", "ai_vad"]


class Truncated(NamedTuple):
    """Whether the caller was cut off, which witness says so, and why nobody can when none does."""

    holds: bool
    basis: Basis | None
    unknown: str | None = None


def truncated(case: Case, found: dict[str, Finding]) -> Truncated:
    """The caller was speaking at the end, and what was said last was lost on who should have had it."""
    ending, session = case.ending, case.call.session
    if ending.end is None or session is None or not session.accepted:
        return Truncated(False, None)
    if ending.caller_left or "agent_finished" in found:
        return Truncated(False, None)
    if case.hearing.recorded and case.hearing.leg_end is not None:
        return Truncated(_cut_in_recording(case, case.hearing.leg_end), "recording")
    if session.frames == 0:
        return Truncated(False, None, "no recording and no AI events: nobody heard the caller")
    if case.hearing.leg_end is not None and _cut_in_words(case, case.hearing.leg_end):
        return Truncated(True, "twilio_transcript")
    if ending.open_turns:
        return Truncated(True, "ai_vad")
    return Truncated(False, None, "no recording: whether the caller was speaking at the end is not known")


def _cut_in_recording(case: Case, end: float) -> bool:
    hearing = case.hearing
    speaking = bool(clamp(hearing.caller, end - CLOSING_S, end))
    last_written = max((e for _, e in hearing.transcribed), default=0.0)
    lost = total(s for s in hearing.untranscribed if s[1] > last_written)
    return speaking and lost >= LOST_S


def _cut_in_words(case: Case, end: float) -> bool:
    """The same, by what Twilio's transcription heard and the AI did not write."""
    spans = unwritten(case)
    last_written = max((e for _, e in case.hearing.transcribed), default=0.0)
    speaking = bool(clamp(spans, end - CLOSING_S, end))
    return speaking and total(s for s in spans if s[1] > last_written) >= LOST_S


def gap_kind(case: Case) -> GapKind:
    """By what the AI side shows for the caller speech that has no transcript (dashboard reference, 4.2.5)."""
    hearing, session = case.hearing, case.call.session
    if session is None or not session.accepted:
        return "none" if case.ending.end and not _answered(case) else "unknown"
    if hearing.recorded:
        lost = total(hearing.untranscribed)
        if lost < SLIVER_S:
            return "none"
        if case.ending.end is None:
            return "pending"
        return "heard_not_transcribed" if heard_untranscribed_s(hearing) >= lost / 2 else "not_heard"
    if case.ending.end is None:
        return "pending"
    if by_twilio := unwritten(case):
        unheard = total(subtract(by_twilio, case.hearing.heard))
        return "not_heard" if unheard > total(by_twilio) / 2 else "heard_not_transcribed"
    silent = [t for t in session.turns.values() if t.started and not t.transcribed]
    return "heard_not_transcribed" if silent else "unknown"


def _answered(case: Case) -> bool:
    return case.ending.leg is not None and case.ending.leg.was_answered
