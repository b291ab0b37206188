"""An observer lost its socket and the call went on (P5): tools go unanswered, the call does not end."""

from collections.abc import Iterator

from callstore.domain.analysis.sockets import Sockets
from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    sockets, ending, session = case.ending.sockets, case.ending, case.call.session
    lost, signs = sockets.outlived, sockets.lived_on
    if lost is None:
        return
    framed = bool(session and session.last in signs)
    closed = f"closed with {lost.code}" if lost.code else "closed"
    who = f"Our side {closed}" if lost.ours else f"OpenAI {closed}" if lost.said else f"It {closed}"
    yield Finding(
        slug="sideband_drop",
        says=f"A sideband socket was lost and the call went on. {who}" + _what_went_on(sockets, framed),
        certainty="shown" if signs else "consistent",
        evidence=positions(lost.seen, *signs, None if signs else ending.end),
        start=lost.seen.at.at,
        end=max(s.at.at for s in signs) if framed else ending.moment,
        missing=() if signs else ("another sign of the session: frames, a second socket, the agent's voice",),
    )


def _what_went_on(sockets: Sockets, framed: bool) -> str:
    if framed:
        return "; frames came by another socket."
    if sockets.lived_on:
        return "; the session was still there, and no more frames of it were seen."
    return "; the leg went on for more than five seconds, and nothing more of the session was observed."
