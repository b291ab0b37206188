"""The caller had gone before a word was spoken, and the AI was called or ran for nobody (P17)."""

from collections.abc import Iterator

from callstore.domain.analysis.answering import CLOCKS_S, accepts, agent_spoke, caller_spoke
from callstore.domain.call.call import Leg
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Session
from callstore.domain.facts.vocabulary import FinalStatus
from callstore.findings.rule import Case, Finding, positions

UNANSWERED: frozenset[FinalStatus] = frozenset({"canceled", "no-answer", "busy", "failed"})


def find(case: Case) -> Iterator[Finding]:
    call, session, ending = case.call, case.call.session, case.ending
    if session is None or caller_spoke(call, case.hearing):
        return
    parent, began = call.parent, _began(session)
    gone = parent.ended if parent else None
    says, sure, left_by = None, True, ending.caller_left_by
    if gone and began and began.at.at > gone.at.latest + CLOCKS_S:
        says = "The session was accepted after the caller's leg had ended, and heard nobody."
        sure, left_by = _never_answered(parent) or case.hearing.recorded, ()
    elif _left_unanswered(case):
        sure = bool(ending.caller_left) or _never_answered(parent)
        says = "The caller left while the AI's leg rang" + (
            "; the session was accepted all the same, and heard nobody." if began else "; nobody spoke."
        )
    elif ending.caller_left and session.frames and not agent_spoke(call, case.hearing):
        says = "The caller left before anybody had spoken."
        sure = ending.caller_left_shown
    if says is None:
        return
    yield Finding(
        slug="ghost_call",
        says=says,
        certainty="shown" if sure else "consistent",
        evidence=positions(gone, *left_by, began, session.last),
        start=gone.at.at if gone else None,
        end=ending.moment,
        missing=() if sure else ("a recording of both channels",),
    )


def _began(session: Session) -> Observation | None:
    """When the session began, by its accept or its first event."""
    taken = [a.seen for a in accepts(session) if (a.status or 200) < 300]
    return min([*taken, *([session.first] if session.first else [])], key=lambda s: s.at.at, default=None)


def _never_answered(leg: Leg | None) -> bool:
    return leg is not None and leg.status in UNANSWERED


def _left_unanswered(case: Case) -> bool:
    """Whole seconds may not order accept and hang-up; how the legs ended tells who was never there."""
    parent, child = case.call.parent, case.call.child
    if child is None or child.was_answered or child.ended is None:
        return False
    if case.ending.caller_left is None and case.ending.took is None:
        # Twilio cancels a leg that it dials when the caller leaves; one that rings out has no answer.
        return _never_answered(parent) or child.status == "canceled"
    return bool(case.ending.caller_left)
