"""The agent's audio was played, says the session, and nothing of it is in the recording (P10)."""

from collections.abc import Iterator

from callstore.domain.facts.spans import clamp, intersect, merge, total
from callstore.findings.rule import Case, Finding, positions

# Less playback than this may have been a breath, or lost at the recording's edge.
MUTE_S = 4.0
# Of an agent that was heard before, a detector may miss a sentence or two.
FELL_MUTE_S = 8.0
# The detector finds some 0.9 of clean speech; static and stray echo were never over a tenth.
AUDIBLE_SHARE = 0.1
# Pauses at either end of a playback are silent in any call.
SHORTEST_S = 1.0


def find(case: Case) -> Iterator[Finding]:
    hearing, session = case.hearing, case.call.session
    if not hearing.recorded or session is None or hearing.recording_start is None or hearing.leg_end is None:
        return
    end = min(hearing.leg_end, hearing.recording_end or hearing.leg_end) - hearing.spread_s
    played = clamp(hearing.playbacks, hearing.recording_start + hearing.spread_s, end)
    silent = []
    for window in reversed([w for w in played if w[1] - w[0] >= SHORTEST_S]):
        # Its echo on the caller's channel is the agent's voice as well.
        audible = total(intersect([window], merge([*hearing.agent, *hearing.bleed])))
        if audible > AUDIBLE_SHARE * (window[1] - window[0]):
            break
        silent.append(window)
    if total(silent) < (FELL_MUTE_S if total(hearing.agent) else MUTE_S):
        return
    analysed = hearing.recording.analysed if hearing.recording else None
    began = [r.playing for r in session.replies.values() if r.playing and r.playing.at.at >= silent[-1][0]]
    yield Finding(
        slug="mute_agent",
        says=f"The session played {total(silent):.1f} s of the agent's audio; the agent's channel is silent.",
        certainty="shown" if hearing.aligned else "consistent",
        evidence=positions(analysed, *began),
        start=silent[-1][0],
        end=silent[0][1],
        missing=() if hearing.aligned else ("turns of the caller that fix the recording's clock",),
    )
