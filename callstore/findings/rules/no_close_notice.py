"""The leg is over and the session's socket was never closed, as far as anybody saw (P29)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

# A socket closes within seconds of its leg.
NOTICE_S = 10.0


def find(case: Case) -> Iterator[Finding]:
    session, ending = case.call.session, case.ending
    if session is None or session.last is None or ending.moment is None or session.parting:
        return
    until = case.call.last_received_at or 0.0
    if until < ending.moment + NOTICE_S:
        return
    ours = [c.closed for c in session.connections.values() if c.closed]
    if ours:
        return
    alive = session.last.at.at > ending.moment + NOTICE_S
    yield Finding(
        slug="no_close_notice",
        says=f"More than {NOTICE_S:.0f} s after the leg ended no close of the session's socket was known"
        + (", and frames still came." if alive else "."),
        certainty="shown" if alive else "consistent",
        evidence=positions(ending.end, session.last),
        start=ending.moment,
        end=ending.moment + NOTICE_S,  # not the last receipt: a late copy would stretch the call's axis
        missing=() if alive else ("whether the observer was still there (its heartbeat, or its own end)",),
    )
