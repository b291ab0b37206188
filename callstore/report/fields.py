"""The stable fields of a Call (docs/fields.md): null means not known, false is a fact."""

from callstore.domain.analysis.ending import BEHIND_SLACK_S
from callstore.domain.analysis.talking.numbers import Numbers
from callstore.domain.call.call import Conversation, Leg
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Session
from callstore.domain.facts.clock import iso
from callstore.domain.facts.spans import clamp, merge, total
from callstore.findings.rule import Case
from callstore.report import document_fields as group
from callstore.report.document import Fields
from callstore.report.flags import flags
from callstore.report.sources.table import details, sources
from callstore.report.talking.numbers import number_fields
from callstore.report.topology.setting import setting
from callstore.verdict.evidence import Evidence, stance
from callstore.verdict.gaps import gaps, reflected_throughout
from callstore.verdict.truncation import RULES_VERSION, Truncated, gap_kind
from callstore.verdict.verdict import Verdict


def zero(of: Case) -> float | None:
    """The call's start in Unix seconds, from which all `*_s` positions count."""
    call = of.call
    if call.parent and call.parent.first:
        return call.parent.first.at.at
    every = (Conversation(call.child, call.session), *call.others)
    return min((c.began for c in every if c.began), default=None)


def fields(
    of: Case, verdict: Verdict, cut: Truncated, table: list[Evidence], talked: Numbers | None
) -> Fields:
    """All stable fields but those that people set."""
    return {
        **_identity(of),
        **_numbers(of),
        **_keys(of),
        **_legs(of),
        **_ai(of),
        **_speech(of),
        **words(of.call.session),
        **_verdict(of, verdict, cut, table),
        "rules_version": RULES_VERSION,
        **_acts(of),
        **_sources(of),
        **_log(of),
        **number_fields(talked),
        **setting(of),
    }


def _identity(of: Case) -> group.Identity:
    call, session = of.call, of.call.session
    leg = call.parent or call.child
    return {
        "parent_call_sid": call.parent.sid if call.parent else None,
        "child_call_sid": call.child.sid if call.child else None,
        "ai_api": session.api if session else None,
        "ai_call_id": session.id if session else None,
        "ai_session_id": session.session_id if session else None,
        "direction": leg.direction if leg else None,
    }


def _numbers(of: Case) -> group.Numbers:
    leg = of.call.parent or of.call.child
    return {"from": leg.caller if leg else None, "to": leg.called if leg else None}


def _keys(of: Case) -> group.Keys:
    return {"dtmf": "".join(a.digits for a in of.call.asks if a.digits) or None}


def _legs(of: Case) -> group.Legs:
    parent, child = of.call.parent, of.call.child
    return {
        "parent_status": parent.status if parent else None,
        "child_status": child.status if child else None,
        "sip_response_code": child.sip_code if child else parent.sip_code if parent else None,
        "started_at": iso(zero(of)),
        "answered_at": _at(parent.answered if parent else None),
        "ended_at": _at(parent.ended if parent else child.ended if child else None),
        "parent_duration_s": parent.duration_s if parent else None,
        "child_started_at": _at(child.first if child else None),
        "child_answered_at": _at(child.answered if child else None),
        "child_ended_at": _at(child.ended if child else None),
        "child_duration_s": child.duration_s if child else None,
    }


def _at(seen: Observation | None) -> str | None:
    return iso(seen.at.at) if seen else None


def _ai(of: Case) -> group.Ai:
    session, ending = of.call.session, of.ending
    close = ending.sockets.told
    return {
        "ai_first_event_at": _at(session.first if session else None),
        "ai_last_event_at": _at(session.last if session else None),
        "ai_last_event_type": session.last_kind if session else None,
        "ai_close_observed": close is not None if session else None,
        "ai_close_code": close.code if close else None,
        "ai_close_reason": close.reason if close else None,
        "ai_silence_before_end_s": _s(ending.silence_s),
    }


def _s(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _speech(of: Case) -> group.Speech:
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
        "caller_speech_s": None if spoken is None else _s(total(merge(spoken))),
        "untranscribed_caller_speech_s": _s(total(lost)) if known else None,
        "gap_kind": gap_kind(of),
        "longest_gap_start_s": _s(longest[0] - start) if longest and start is not None else None,
        "longest_gap_end_s": _s(longest[1] - start) if longest and start is not None else None,
        "caller_speech_end_to_child_end_s": _s(to_end),
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


def _verdict(of: Case, verdict: Verdict, cut: Truncated, table: list[Evidence]) -> group.Judgement:
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


def _acts(of: Case) -> group.Acts:
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


def _sources(of: Case) -> group.States:
    states = sources(of)
    return {
        "recording_state": states["recording"].word,
        "transcript_state": states["transcript"].word,
        "sources": {name: state.word for name, state in states.items()},
        "source_details": details(states),
    }


# A recording heard so long after all other news was heard anew, or put in later: that is no detection.
HEARD_ANEW_S = 86_400.0


def _log(of: Case) -> group.Log:
    call = of.call
    ended, lag = (call.parent or call.child or Leg("")).ended, None
    if ended and (known := call.last_received_at) is not None:
        told = call.last_news_at or known
        lag = round(max(0.0, (told if known - told > HEARD_ANEW_S else known) - ended.at.at), 3)
    return {
        "event_count": call.event_count,
        "first_position": call.first_position,
        "last_position": call.last_position,
        "detection_lag_s": lag,
    }
