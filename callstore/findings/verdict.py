"""From findings to one verdict: the deciding order, confidence, who ended first, and what is missing.

The order is that of the field guide (OpenAI reference §5.4): did we act, had the caller left, what did the
close say, what was heard; else inconclusive. Findings that never decide are shown beside the verdict.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from callstore.findings.rule import Case, Finding

Confidence: TypeAlias = Literal["high", "medium", "low"]
Actor: TypeAlias = Literal["ai", "caller", "app", "twilio", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`cause` is the slug of the finding that decided; `settle` says what would make it certain."""

    verdict: str
    cause: str | None
    confidence: Confidence
    ended_first_by: Actor
    says: str
    missing: tuple[str, ...] = ()
    settle: tuple[str, ...] = ()


# First match decides: (finding, verdict, who ended first; None asks the BYE's direction).
ORDER: tuple[tuple[str, str, Actor | None], ...] = (
    ("agent_finished", "natural_end", "ai"),
    ("app_hangup", "app_ended", "app"),
    ("tail_loss", "caller_hung_up", "caller"),
    ("caller_hangup", "caller_hung_up", "caller"),
    ("never_reached_app", "never_connected", "unknown"),
    ("server_error", "ai_closed_first", "ai"),
    ("drop_mid_speech", "ai_closed_first", "ai"),
    ("session_closed_early", "ai_closed_first", "ai"),
    ("silent_session_loss", "ai_silent_first", None),
)


def judge(case: Case, found: dict[str, Finding]) -> Verdict:
    """The one verdict on a call."""
    if case.ending.end is None:
        return Verdict("live", None, "low", "unknown", "The call has not ended, as far as is known.")
    for slug, verdict, actor in ORDER:
        if slug in found:
            return _decided(case, found[slug], verdict, actor)
    return _undecided(case)


def _decided(case: Case, finding: Finding, verdict: str, actor: Actor | None) -> Verdict:
    missing = _missing(case, finding)
    return Verdict(
        verdict=verdict,
        cause=finding.slug,
        confidence=_confidence(case, finding),
        ended_first_by=actor or ("ai" if _bye_from_ai(case) else "unknown"),
        says=finding.says,
        missing=missing,
        settle=_settle(case, finding, missing),
    )


def _undecided(case: Case) -> Verdict:
    missing = _missing(case, None)
    child = case.call.child
    if child and child.ended and not child.was_answered:
        says = f"The AI leg ended as {child.status} without being answered."
        return Verdict("never_connected", None, "medium", "unknown", says, missing)
    says = "Nothing that was observed says who ended this call."
    return Verdict("inconclusive", None, "low", "unknown", says, missing, _settle(case, None, missing))


def _bye_from_ai(case: Case) -> bool:
    """Voice Insights' disconnected_by=callee on the child: the BYE came from OpenAI's side."""
    return case.call.child is not None and case.call.child.disconnected_by == "callee"


def _confidence(case: Case, finding: Finding) -> Confidence:
    if finding.slug == "silent_session_loss":
        # The deciding witness, a close of the session, is absent by definition.
        if finding.certainty != "shown":
            return "low"
        return "high" if _bye_from_ai(case) else "medium"
    return "high" if finding.certainty == "shown" else "medium"


def _missing(case: Case, finding: Finding | None) -> tuple[str, ...]:
    call, session = case.call, case.call.session
    missing = []
    answered = call.child is not None and call.child.was_answered
    if answered and (session is None or session.frames == 0):
        missing.append("no event of the AI session was seen")
    elif answered and case.ending.close is None:
        missing.append("no close of the AI session was observed")
    if answered and not case.hearing.recorded:
        missing.append("no recording of both channels")
    if call.child and call.child.disconnected_by is None:
        missing.append("who sent the BYE is not known (Voice Insights, disconnected_by)")
    if call.child and case.ending.caller_left is None and call.child.ended:
        missing.append("whether the caller was still on the line when the AI leg ended")
    return tuple(missing)


def _settle(case: Case, finding: Finding | None, missing: tuple[str, ...]) -> tuple[str, ...]:
    """What to ask for, and whom."""
    session, ending = case.call.session, case.ending
    decided_without_ai = finding is not None and finding.slug in (
        "agent_finished",
        "app_hangup",
        "caller_hangup",
    )
    if decided_without_ai or not missing:
        return ()
    steps = []
    if session and session.last and ending.end:
        steps.append(
            f"Ask OpenAI for the log of {session.session_id or session.id} from its last event to the "
            "end of the leg."
        )
    if case.call.child and case.call.child.disconnected_by is None:
        steps.append("Enable Voice Insights Advanced Features: it names the side that sent the BYE.")
    if case.call.child and case.call.child.was_answered and not case.hearing.recorded:
        steps.append("Record both channels (record-from-answer-dual): it shows who was speaking.")
    return tuple(steps)
