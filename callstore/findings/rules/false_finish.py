"""The agent called its finish tool on a caller who was still talking (P23)."""

from collections.abc import Iterator

from callstore.domain.facts.spans import Spans, clamp, total
from callstore.findings.rule import Case, Finding, positions

# A goodbye that answers the agent's is shorter than this; a sentence that goes on is not.
SPEECH_S = 1.5
# A sentence that was going on when the tool was called had begun this long before: the tool's own message is
# some tenths late.
BEGUN_S = 0.3
# Who is still talking has not paused for longer than this when the leg ends (as in `truncated`).
TALKING_S = 2.0


def find(case: Case) -> Iterator[Finding]:
    ending, hearing = case.ending, case.hearing
    if ending.finish is None or ending.moment is None:
        return
    finish, end = ending.finish.at.at, hearing.leg_end or ending.moment
    recorded = hearing.hears_the_end
    talk = _still_talking(hearing.caller if recorded else hearing.heard, hearing.transcribed, finish, end)
    if not talk:
        return
    analysed = hearing.recording.analysed if hearing.recording and recorded else None
    session = case.call.session
    turns = [t.started for t in session.turns.values()] if session else []
    yield Finding(
        slug="false_finish",
        says=f"The agent called its finish tool while the caller was talking: {total(talk):.1f} s of the "
        "caller's speech came after it.",
        certainty="shown" if recorded else "consistent",
        evidence=positions(ending.finish, analysed, turns[-1] if turns else None, ending.hangup, ending.end),
        start=finish,
        end=end,
        missing=() if recorded else ("a recording of both channels",),
    )


def _still_talking(spoken: Spans, written: Spans, finish: float, end: float) -> Spans:
    """The caller's speech after the finish, where it is more than a goodbye; else nothing."""
    after = clamp(spoken, finish, end)
    if total(after) < SPEECH_S:
        return []
    across = any(s < finish - BEGUN_S and e > finish + SPEECH_S for s, e in spoken)
    cut = bool(clamp(after, end - TALKING_S, end)) and not _transcripts(after[-1], written)
    return after if across or cut else []


def _transcripts(span: tuple[float, float], written: Spans) -> bool:
    """Words that were written down were heard: the agent answered them, or they were the goodbye."""
    return total(clamp(written, *span)) >= (span[1] - span[0]) / 2
