"""From findings to one verdict: the deciding order, confidence, who ended first, and what is missing.

The order is that of the field guide (OpenAI reference §5.4): was there ever a conversation; was it one at
all; did we act; had the caller left; what did the close say; what was heard; else inconclusive. Findings
that are not in it never decide: they are shown beside the verdict.
"""

from dataclasses import dataclass

from callstore.domain.analysis.meeting.topology import held_by_us
from callstore.domain.facts.vocabulary import LEADS_TO, Actor, Cause, Confidence, VerdictWord
from callstore.findings.rule import Case, Finding
from callstore.verdict.evidence import Findings, stance
from callstore.verdict.evidence_table import evidence_table
from callstore.verdict.missing import missing, whom_to_ask

# What a server says when something is wrong with it (RFC 6455 §7.4.1, IANA's registry).
FAULTS = frozenset({1011, 1012, 1013, 1014})
# The leg follows a hang-up within seconds.
FOLLOWS_S = 5.0
WEAKER: dict[Confidence, Confidence] = {"high": "medium", "medium": "low", "low": "low"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`cause` is the slug of the finding that decided; `whom_to_ask` says what would make it certain."""

    verdict: VerdictWord
    cause: Cause | None
    confidence: Confidence
    ended_first_by: Actor
    says: str
    missing: tuple[str, ...] = ()
    whom_to_ask: tuple[str, ...] = ()


# First match decides: finding and who ended first; None asks who did.
ORDER: tuple[tuple[Cause, Actor | None], ...] = (
    # Was there ever a conversation?
    ("never_reached_app", "unknown"),
    ("region_mismatch", "unknown"),
    ("accept_refused", "unknown"),
    ("never_accepted", "unknown"),
    ("ghost_call", "unknown"),
    ("accepted_unusable", "unknown"),
    ("standalone_leg", "unknown"),
    ("stream_failed", "unknown"),
    # Did the AI hear and was it heard? Whoever hung up in the end had to.
    ("deaf_session", None),
    ("mute_agent", None),
    ("replies_failed", None),
    # Did we act?
    ("false_finish", "ai"),
    ("agent_finished", "ai"),
    ("app_hangup", "app"),
    ("flow_redirect", "app"),
    ("refer_lost", "app"),
    # Had the caller left?
    ("tail_loss", "caller"),
    ("caller_hangup", "caller"),
    # Was a limit reached? What did the close say?
    ("twilio_limit", "twilio"),
    ("max_duration", "ai"),
    ("beta_shape", "ai"),
    ("account_refused", "ai"),
    ("content_filter", "ai"),
    ("server_error", "ai"),
    ("drop_mid_speech", "ai"),
    ("session_closed_early", "ai"),
    # Nobody saw a close.
    ("silent_session_loss", None),
)


def judge(case: Case, found: Findings) -> Verdict:
    """The one verdict on a call."""
    if case.ending.end is None and case.call.overdue:
        return _overdue(case)
    if case.ending.end is None:
        return Verdict("live", None, "low", "unknown", "The call has not ended, as far as is known.")
    for cause, actor in ORDER:
        if cause in found and not _too_little(case, cause):
            return _decided(case, found, cause, actor)
    return _undecided(case)


def _overdue(case: Case) -> Verdict:
    """A call whose end nobody told: it has long ended, and what would say how is missing."""
    call, lacking = case.call, missing(case)
    if leg := call.ai_leg:
        lacking = (f"the end of {leg.sid}: no callback, dial action or summary told it", *lacking)
    if call.session and case.ending.close is None:
        lacking = (*lacking, f"a close of the AI session {call.session.id}")
    text = "No news of this call came for longer than a call can last; nobody told how it ended."
    return Verdict(
        "inconclusive", None, "low", "unknown", text, lacking, whom_to_ask(case, "inconclusive", lacking)
    )


def _too_little(case: Case, cause: Cause) -> bool:
    """Whether the witness that would tell this from another cause is absent.

    A hang-up is the application's own or the agent's finish: frames that were lost may have said which. A
    close at the leg's end is the session's own, or follows a hang-up that the application did not tell, or a
    caller who left.
    Silence says nothing where neither a recording nor the caller's leg tells what was lost in it.
    """
    if cause == "session_closed_early":
        return _looks_like_a_hangup(case)
    if cause == "drop_mid_speech":
        return _looks_like_leaving(case)
    if cause == "app_hangup":
        said = any(s.what == "hangup_requested" for s in case.call.said)
        return not said and (case.ending.lost > 0 or not case.hearing.watched) and case.call.child is not None
    if cause != "silent_session_loss":
        return False
    heard = case.hearing.hears_the_end or any(w.speaker == "caller" for w in case.words)
    return not heard and case.ending.caller_left is None


def _looks_like_a_hangup(case: Case) -> bool:
    """An application that tells nothing may have hung up: session and leg end like this then, too."""
    close = case.ending.close
    if close and case.ending.leg is None:
        # With no leg in sight this may be how a caller's hang-up looks.
        return not close.reason and close.code not in FAULTS
    if close is None or case.call.app_told or _held_by_us(case) or close.reason or close.code in FAULTS:
        return False
    return not case.ending.surely_after(close.seen.at.at + FOLLOWS_S)


def _held_by_us(case: Case) -> bool:
    """A socket that the application itself holds is closed by the server for the server's reasons alone."""
    return case.call.session is not None and held_by_us(case.call.session)


def _looks_like_leaving(case: Case) -> bool:
    """When a caller leaves, the socket is cut with the leg; only the caller's own leg tells the two apart."""
    close, ending = case.ending.close, case.ending
    if close is None or close.said or ending.gone or ending.caller_left is not None:
        return False
    return not ending.surely_after(close.seen.at.at)


def _decided(case: Case, found: Findings, cause: Cause, actor: Actor | None) -> Verdict:
    finding, verdict, lacking = found[cause], LEADS_TO[cause], missing(case)
    return Verdict(
        verdict=verdict,
        cause=cause,
        confidence=_confidence(case, found, finding, verdict),
        ended_first_by=_not_against_insights(case, actor or _actor(case, verdict)),
        says=finding.says,
        missing=lacking,
        whom_to_ask=whom_to_ask(case, verdict, lacking),
    )


def _undecided(case: Case) -> Verdict:
    lacking, child = missing(case), case.call.child
    if child and child.ended and not child.was_answered:
        session = case.call.session
        rejected = session is not None and any(
            a.action == "reject" and (a.status or 200) < 300 for a in session.api_calls
        )
        text = "Our application rejected the call." if rejected else (
            f"The AI leg ended as {child.status} without being answered."
        )  # fmt: skip
        return Verdict("never_connected", None, "medium", "app" if rejected else "unknown", text, lacking)
    text = "Nothing that was observed says who ended this call."
    return Verdict(
        "inconclusive", None, "low", "unknown", text, lacking, whom_to_ask(case, "inconclusive", lacking)
    )


def _not_against_insights(case: Case, actor: Actor) -> Actor:
    """It is never the AI where Voice Insights names the other side of its leg."""
    leg, ending = case.ending.leg, case.ending
    if actor != "ai" or leg is None or leg.disconnected_by != "caller":
        return actor
    return "caller" if ending.caller_left else "unknown"


def _actor(case: Case, verdict: VerdictWord) -> Actor:
    """Of a useless session whoever gave it up; of a silent one the side that sent the BYE, if known."""
    ending = case.ending
    if verdict in ("ai_deaf", "ai_mute"):
        if ending.finish:
            return "ai"
        if ending.hangup or ending.took:
            return "app"
        if ending.caller_left:
            return "caller"
        if ending.close and ending.surely_after(ending.close.seen.at.at):
            return "ai"
    return "ai" if ending.ai_hung_up else "unknown"


def _confidence(case: Case, found: Findings, finding: Finding, verdict: VerdictWord) -> Confidence:
    if finding.slug == "silent_session_loss":
        # The deciding witness, a close of the session, is absent by definition.
        if finding.certainty != "shown":
            return "low"
        sure: Confidence = "high" if case.ending.ai_hung_up else "medium"
    else:
        sure = "high" if finding.certainty == "shown" else "medium"
    if case.ending.leg is None and sure == "high":
        sure = "medium"  # nothing but the AI's side was seen: another leg's witness could say otherwise
    if case.call.app_ahead_s < 0:
        sure = WEAKER["high"] if sure == "high" else sure  # a clock that was set right is known to a second
    doubted = any(stance(check, verdict) == "contradicts" for check in evidence_table(case, found))
    return WEAKER[sure] if doubted else sure
