"""The session failed with a server error and closed (P6)."""

from collections.abc import Iterator

from callstore.domain.call.session import Trouble
from callstore.findings.rule import Case, Finding, positions

# An error further from the close than this is one that the session survived.
BEFORE_CLOSE_S = 5.0
# The close may be stamped this much before the error that led to it.
EARLY_S = 1.0


def find(case: Case) -> Iterator[Finding]:
    ending, session = case.ending, case.call.session
    if session is None or ending.end is None or ending.acted or ending.sockets.lived_on:
        return
    close = ending.close.seen if ending.close else None
    stop = close or session.last
    if stop is None:
        return
    near = [
        t
        for t in session.troubles
        if _is_server_fault(t) and -EARLY_S <= stop.at.at - t.seen.at.at <= BEFORE_CLOSE_S
    ]
    if not near:
        return
    yield Finding(
        slug="server_error",
        says="The session reported a server error and " + ("closed." if close else "fell silent."),
        certainty="shown" if close else "consistent",
        evidence=positions(*(t.seen for t in near), close, ending.end),
        start=near[0].seen.at.at,
        end=ending.end.at.middle,
        missing=() if close else ("a close of the AI session",),
    )


def _is_server_fault(trouble: Trouble) -> bool:
    return trouble.type == "server_error" or (trouble.code or "").startswith("server_error")
