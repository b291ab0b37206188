"""Named definitions with a version: `truncated` and the kind of gap. Changing one moves RULES_VERSION."""

from typing import NamedTuple

from callstore.domain.analysis.hearing import BLIND_S, SLIVER_S, Hearing
from callstore.domain.analysis.other_ear import other_ear
from callstore.domain.call.conversations import other_legs
from callstore.domain.call.session import Session, Turn
from callstore.domain.facts.spans import clamp, merge, total
from callstore.domain.facts.vocabulary import GapKind, TruncationBasis
from callstore.findings.rule import Case, Finding
from callstore.findings.rules.silent_session_loss import fell_silent
from callstore.verdict.gaps import reflected_throughout, unwritten

RULES_VERSION = 5

# Fixed by definition, and not tuned (docs/findings.md).
CLOSING_S = 2.0  # of the leg, in which the caller must be speaking
LOST_S = 1.5  # of speech without words; who is suspicious, and which gap is transcribed, hang on it, too


class Truncated(NamedTuple):
    """Whether the caller was cut off, which witness says so, and why nobody can when none does."""

    holds: bool
    basis: TruncationBasis | None
    unknown: str | None = None


def truncated(case: Case, found: dict[str, Finding]) -> Truncated:
    """The caller was speaking at the end, and what was said last was lost on who should have had it."""
    ending, hearing = case.ending, case.hearing
    if ending.end is None or not _somebody_there(case):
        return Truncated(False, None)
    if ending.caller_left or ("agent_finished" in found and "false_finish" not in found):
        return Truncated(False, None)
    if (ending.took or ending.hangup) and _put_through(case):
        return Truncated(False, None)
    if _may_have_left(case):
        return Truncated(False, None, "whether the caller hung up is not known")
    if hearing.hears_the_end and hearing.leg_end is not None:
        cut = _cut_in_recording if _watched_to_the_end(case) else _cut_in_speech
        return Truncated(cut(hearing, hearing.leg_end), "recording")
    ear = other_ear(hearing, case.words) if not case.ending.sockets.blind else None
    if ear and hearing.leg_end is not None and _cut_by_another_ear(case, hearing.leg_end):
        return Truncated(True, ear.basis)
    heard_to_the_end = _watched_to_the_end(case) and "vad_stuck" not in found
    if heard_to_the_end and _cut_in_turn(case) and not _nobody_spoke(hearing):
        return Truncated(True, "ai_vad")
    return Truncated(False, None, _unknown(case))


def _watched_to_the_end(case: Case) -> bool:
    """Whether what was written down of the closing stretch would be known: somebody watched it."""
    return case.hearing.watched and not case.ending.sockets.blind


def _somebody_there(case: Case) -> bool:
    """Whether a session was there that should have received the words."""
    session, leg = case.call.session, case.ending.leg
    return bool(session and (session.accepted or (session.offered and leg and leg.was_answered)))


def _put_through(case: Case) -> bool:
    """Whether the caller talked to a person next: who is taken there was not cut off."""
    end = case.ending.end
    talked = [leg for leg in other_legs(case.call) if leg.was_answered and leg.first]
    return end is not None and any(
        (leg.ended or leg.answered or leg.first or end).at.latest > end.at.latest for leg in talked
    )


def _may_have_left(case: Case) -> bool:
    """Nothing says whether the caller left, and the session was cut with the leg, as when callers leave."""
    ending, close = case.ending, case.ending.close
    if ending.caller_left is not None or case.call.child is None or ending.ours_acted:
        return False
    if ending.peer_left:
        return True
    if close is None:
        return case.hearing.watched and not fell_silent(case)
    return not (close.said or ending.gone or ending.surely_after(close.seen.at.at))


def _cut_in_recording(hearing: Hearing, end: float) -> bool:
    speaking = bool(clamp(hearing.caller, end - CLOSING_S, end))
    last_written = max((e for _, e in hearing.transcribed), default=0.0)
    lost = total(s for s in hearing.untranscribed if s[1] > last_written)
    return speaking and lost >= LOST_S


def _cut_in_speech(hearing: Hearing, end: float) -> bool:
    """With no event of the AI nothing says what was written: only speech that runs to the end counts."""
    runs = merge(hearing.caller, CLOSING_S)
    if not runs or runs[-1][1] < end - CLOSING_S:
        return False
    return total(clamp(hearing.caller, runs[-1][0], end)) >= LOST_S


def _nobody_spoke(hearing: Hearing) -> bool:
    """One mixed channel cannot say who spoke, but it can say that nobody did."""
    if hearing.recording is None or hearing.leg_end is None or hearing.recording_end is None:
        return False
    reaches = hearing.leg_end - hearing.recording_end <= BLIND_S
    return reaches and not clamp(hearing.caller, hearing.leg_end - CLOSING_S, hearing.leg_end)


def _cut_in_turn(case: Case) -> bool:
    """A turn that the AI heard to the end, or that nobody closed, and whose words were never written down."""
    end, session = case.ending.moment, case.call.session
    if end is None or session is None:
        return False
    for turn in session.turns.values():
        span = case.hearing.turns.get(turn.item)
        if span is None or turn.transcribed or turn.failed:
            continue
        until = end if turn in case.ending.open_turns else span[1]
        if until - span[0] >= LOST_S and until >= end - CLOSING_S:
            return True
    return False


def _unknown(case: Case) -> str:
    hearing = case.hearing
    if hearing.recorded and hearing.leg_end is not None and hearing.recording_end is not None:
        short = hearing.leg_end - hearing.recording_end
        return f"the recording stops {short:.1f} s before the leg ended: who was speaking then is not known"
    if not hearing.watched:
        return "no recording and no AI events: nobody heard the caller"
    return "no recording: whether the caller was speaking at the end is not known"


def _cut_by_another_ear(case: Case, end: float) -> bool:
    """The same, by what the sideband reflected or Twilio's transcription heard, and the AI did not write."""
    spans = unwritten(case)
    last_written = max((e for _, e in case.hearing.transcribed), default=0.0)
    speaking = bool(clamp(spans, end - CLOSING_S, end))
    return speaking and total(s for s in spans if s[1] > last_written) >= LOST_S


def gap_kind(case: Case) -> GapKind:
    """By what the AI side shows for the caller speech that has no transcript (docs/findings.md)."""
    hearing, session = case.hearing, case.call.session
    if session is None or not session.accepted:
        return "none" if case.ending.end and not _answered(case) else "unknown"
    if not hearing.watched:
        return "unknown"
    if hearing.recorded:
        if total(hearing.untranscribed) < SLIVER_S:
            return "none"
        if case.ending.end is None:
            return "pending"
        if case.ending.sockets.blind:
            return "unknown"
        return hearing.kind_of(hearing.untranscribed, hearing.not_heard)
    if case.ending.end is None:
        return "pending"
    if case.ending.sockets.blind:
        return "unknown"
    if lost_words := unwritten(case):
        return hearing.kind_of(lost_words, hearing.unheard_in(lost_words))
    if hearing.detects and any(not turn.transcribed for turn in _begun(session)):
        return "heard_not_transcribed"
    # A detector is no witness against itself: a deaf session has written every turn that it opened.
    return "none" if reflected_throughout(case) else "unknown"


def _begun(session: Session) -> list[Turn]:
    return [t for t in session.turns.values() if t.started or t.stopped or t.transcribed]


def _answered(case: Case) -> bool:
    return case.ending.leg is not None and case.ending.leg.was_answered
