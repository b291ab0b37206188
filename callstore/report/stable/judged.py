"""What was said and done in a call, and how it is judged."""

from callstore.domain.analysis.ending import BEHIND_SLACK_S
from callstore.domain.call.session import Session
from callstore.domain.facts.spans import clamp, merge, total
from callstore.findings.rule import Case
from callstore.report.flags import flags
from callstore.report.stable import groups as group
from callstore.report.stable.moments import seconds, zero
from callstore.verdict.evidence import Evidence, stance
from callstore.verdict.gaps import gaps, reflected_throughout
from callstore.verdict.truncation import Truncated, gap_kind
from callstore.verdict.verdict import Verdict


def speech(of: Case) -> group.Speech:
    """What the caller spoke, and how much of it nobody wrote down."""
    hearing, start = of.hearing, zero(of)
    # Where nobody watched the session, or not to its end, nothing says what was written down.
    watched = hearing.watched and not of.ending.sockets.blind
    known = hearing.recorded and (watched or of.call.session is None)
    lost, spoken = hearing.untranscribed, hearing.caller if hearing.recorded else None
    if not hearing.recorded and reflected_throughout(of):
        spoken = clamp(hearing.received_own, hearing.since, hearing.leg_end or float("inf"))
        known, lost = watched, gaps(of)
    longest = max(lost, key=lambda s: s[1] - s[0], default=None)
    to_end = None
    if hearing.hears_the_end and hearing.caller and hearing.leg_end is not None and of.ending.end:
        to_end = max(0.0, hearing.leg_end - hearing.caller[-1][1])
    return {
        "caller_speech_s": None if spoken is None else seconds(total(merge(spoken))),
        "untranscribed_caller_speech_s": seconds(total(lost)) if known else None,
        "gap_kind": gap_kind(of),
        "longest_gap_start_s": seconds(longest[0] - start) if longest and start is not None else None,
        "longest_gap_end_s": seconds(longest[1] - start) if longest and start is not None else None,
        "caller_speech_end_to_child_end_s": seconds(to_end),
    }


def words(session: Session | None) -> group.Transcripts:
    """The last words of either side that a session wrote down."""
    if session is None:
        return {"last_caller_transcript": None, "last_agent_transcript": None}
    said = [t for t in session.turns.values() if t.transcribed and t.text]
    spoken = [r for r in session.replies.values() if r.text]
    last = max(said, key=lambda t: t.place, default=None)
    agent = max(spoken, key=lambda r: (r.spoken.at.at if r.spoken else 0.0, r.response), default=None)
    return {
        "last_caller_transcript": last.text if last else None,
        "last_agent_transcript": agent.text if agent else None,
    }


def judgement(of: Case, verdict: Verdict, cut: Truncated, table: list[Evidence]) -> group.Judgement:
    """How the call is judged, and by what."""
    missing = [*verdict.missing, *([cut.unknown] if cut.unknown else [])]
    return {
        "truncation_basis": cut.basis if cut.holds else None,
        "verdict": verdict.verdict,
        "verdict_confidence": verdict.confidence,
        "cause": verdict.cause,
        "ended_first_by": verdict.ended_first_by,
        "flags": flags(of, verdict, cut),
        "evidence_for": [f"{c.name}: {c.finding}" for c in table if stance(c, verdict.verdict) == "supports"],
        "evidence_missing": missing,
        "time_uncertainty_ms": _uncertainty_ms(of),
    }


def _uncertainty_ms(of: Case) -> int | None:
    """How far apart two moments must be before this call's clocks can order them."""
    if of.ending.end is None:
        return None
    session_ms = int(of.hearing.ai_spread_s * 1000) if of.call.session else 0
    behind_ms = int(BEHIND_SLACK_S * 1000) if of.call.app_ahead_s < 0 else 0
    return of.ending.end.at.precision_ms + session_ms + behind_ms


def acts(of: Case) -> group.Acts:
    """What was done to the call, and what was said to be wrong."""
    call, ending = of.call, of.ending
    warnings = {w.code for w in call.warnings if w.level != "error"}
    errors = {w.code for w in call.warnings if w.level == "error"}
    errors |= {leg.error_code for leg in call.legs.values() if leg.error_code}
    errors |= {stream.error_code for stream in call.streams.values() if stream.error_code}
    for session in call.sessions.values():
        errors |= {code for t in session.troubles if (code := t.code or t.type)}
    return {
        "finish_tool_seen": ending.finish_called is not None,
        "app_hangup_seen": ending.hangup is not None,
        "app_error_seen": any(s.what == "exception" or s.level in ("error", "critical") for s in call.said),
        "warning_codes": sorted(warnings),
        "error_codes": sorted(errors),
        "incidents": [],
    }
