"""OpenAI asked in time and our application never accepted: it refused the webhook, or failed."""

from collections.abc import Iterator

from callstore.domain.analysis.answering import accepts, failures_told, was_asked
from callstore.findings.rule import Case, Finding, positions

# An application accepts within seconds. A caller who leaves before that left nothing to accept.
ACCEPTS_WITHIN_S = 5.0


def find(case: Case) -> Iterator[Finding]:
    call, session, ending = case.call, case.call.session, case.ending
    if session is None or session.offered is None or session.frames or accepts(session):
        return
    if ending.end is None or (call.child and call.child.was_answered) or not was_asked(call):
        return
    failures = failures_told(call)
    attached = any(c.opened and not c.refused for c in session.connections.values())
    rejected = any(a.action == "reject" and (a.status or 200) < 300 for a in session.api_calls)
    # A rejection is an answer, and who tells nothing may have accepted without telling.
    if attached or rejected or not call.app_told:
        return
    # Without a leg of the AI's only its own word shows that the application is to blame.
    if not failures and (call.child is None or _left_too_soon(case, session.offered.at.at)):
        return
    why = f": {failures[0].message}" if failures and failures[0].message else ""
    yield Finding(
        slug="never_accepted",
        says="OpenAI's webhook came in time and our application did not accept"
        + (", but failed" if failures else "")
        + f"{why.rstrip('.')}.",
        certainty="shown" if failures else "consistent",
        evidence=positions(session.offered, *(s.seen for s in failures), ending.end),
        start=session.offered.at.at,
        end=ending.end.at.latest,
        missing=() if failures else ("why the application did not accept",),
    )


def _left_too_soon(case: Case, offered: float) -> bool:
    """The caller had gone before an accept was to be expected."""
    return bool(case.ending.caller_left) and not case.ending.surely_after(offered + ACCEPTS_WITHIN_S)
