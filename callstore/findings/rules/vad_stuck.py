"""The AI's voice detector opened a turn and never closed it: noise or music, and no reply came (P12)."""

from collections.abc import Iterator

from callstore.domain.facts.spans import clamp, total
from callstore.findings.rule import Case, Finding, positions

# Nobody is expected to speak for this long without a pause of half a second.
STUCK_S = 30.0
# More than half of it spoken is a caller who does speak for that long.
SPEECH_SHARE = 0.5


def find(case: Case) -> Iterator[Finding]:
    session, hearing = case.call.session, case.hearing
    if session is None or session.last is None:
        return
    for turn in session.turns.values():
        if turn.started is None:
            continue
        begun = turn.started.at.at
        closed = turn.stopped or turn.committed or turn.transcribed or turn.failed
        if closed is None and turn not in case.ending.open_turns:
            continue  # closed while nobody watched
        # While it is open only the session's later frames prove that it was alive.
        until = closed.at.at if closed else session.last.at.at
        if until - begun < STUCK_S:
            continue
        if hearing.recorded and total(clamp(hearing.caller, begun, until)) > SPEECH_SHARE * (until - begun):
            continue
        yield Finding(
            slug="vad_stuck",
            says=f"The AI's voice detector held one turn open for {until - begun:.0f} s.",
            certainty="shown" if hearing.recorded else "consistent",
            evidence=positions(turn.started, closed or session.last),
            start=begun,
            end=until,
            missing=() if hearing.recorded else ("a recording: the caller may have spoken all the while",),
        )
        return
