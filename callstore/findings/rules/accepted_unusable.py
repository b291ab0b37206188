"""OpenAI accepted the accept, and no session came of it: its body was not usable (P16)."""

from collections.abc import Iterator

from callstore.domain.analysis.answering import accepts_taken, agent_spoke
from callstore.domain.call.observation import Observation
from callstore.findings.rule import Case, Finding, positions

# A beep, some seconds, gone: a leg without a session is not held for longer than this.
SOON_S = 10.0


def find(case: Case) -> Iterator[Finding]:
    child, session, ending = case.call.child, case.call.session, case.ending
    if session is None or session.frames or child is None or child.ended is None:
        return
    accepts = [a.seen for a in accepts_taken(session)]
    if not accepts or ending.caller_left:
        return
    if child.was_answered and not _gone_at_once(case, accepts[-1]):
        return
    missed = [c.opened for c in session.connections.values() if c.opened and c.http_status == 404]
    code = f" with SIP {child.sip_code}" if child.sip_code else ""
    yield Finding(
        slug="accepted_unusable",
        says=f"The accept was answered with success, but the AI leg ended as {child.status}{code}"
        + (" and no session was there to attach to." if missed else "."),
        certainty="shown" if missed else "consistent",
        evidence=positions(*accepts, *missed, child.ended),
        start=accepts[0].at.at,
        end=child.ended.at.latest,
        missing=() if missed else ("an attempt to attach to the session",),
    )


def _gone_at_once(case: Case, accepted: Observation) -> bool:
    """Whether an answered leg ended within seconds, by nobody's act, with no sign of a session in it."""
    child, session, ending = case.call.child, case.call.session, case.ending
    if child is None or session is None or ending.moment is None or ending.acted:
        return False
    began = max(s.at.at for s in (accepted, child.answered) if s)
    attached = any(c.opened and not c.refused for c in session.connections.values())
    said = any(w.speaker == "agent" for w in case.words)
    return not (attached or said or agent_spoke(case.call, case.hearing)) and ending.moment - began <= SOON_S
