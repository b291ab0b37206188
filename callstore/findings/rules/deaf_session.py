"""The session lived and did not hear the caller (P9)."""

from collections.abc import Iterator

from callstore.domain.facts.spans import clamp, subtract, total
from callstore.findings.rule import Case, Finding, positions

# Long enough that it is no cough, no noise and no single word lost between two turns.
DEAF_S = 5.0


def find(case: Case) -> Iterator[Finding]:
    hearing, session, ending = case.hearing, case.call.session, case.ending
    if session is None or session.last is None or session.first is None or not hearing.recorded:
        return
    close = ending.close
    # An open socket proves a session as a frame does, but says less: it may be half-open.
    open_until = close.seen.at.at if close else session.last.at.at
    since = max((e for _, e in hearing.heard), default=session.first.at.at)
    # What sounds while the agent speaks may be its echo; whom nobody hears talks on into the silence.
    clear = subtract(hearing.not_heard, hearing.agent)
    unheard = clamp(clear, since, max(open_until, session.last.at.at))
    deaf = total(unheard)
    if deaf < DEAF_S:
        return
    framed = total(clamp(unheard, 0.0, session.last.at.at)) >= DEAF_S
    # With no frame in all that time only a socket that was open to the end tells it from a dead one.
    if not framed and (ending.surely_after(open_until) or ending.finish or ending.hangup):
        return
    analysed = hearing.recording.analysed if hearing.recording else None
    yield Finding(
        slug="deaf_session",
        says=f"The AI session was open and heard nothing of {deaf:.1f} s of the caller's speech.",
        certainty="shown" if framed else "consistent",
        evidence=positions(analysed, session.last, *session.timeouts, close.seen if close else None),
        start=unheard[0][0],
        end=unheard[-1][1],
        missing=() if framed else ("a frame of the session while the caller spoke",),
    )
