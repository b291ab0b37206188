"""The stable fields of a Call (docs/fields.md): null means not known, false is a fact."""

from callstore.domain.analysis.talking.numbers import Numbers
from callstore.domain.call.call import Leg
from callstore.domain.facts.clock import iso
from callstore.findings.rule import Case
from callstore.report.document import Fields
from callstore.report.sources.table import details, sources
from callstore.report.stable import groups as group
from callstore.report.stable.judged import acts, judgement, speech, words
from callstore.report.stable.moments import at, seconds, zero
from callstore.report.talking.numbers import number_fields
from callstore.report.topology.setting import setting
from callstore.verdict.evidence import Evidence
from callstore.verdict.truncation import RULES_VERSION, Truncated
from callstore.verdict.verdict import Verdict


def fields(
    of: Case, verdict: Verdict, cut: Truncated, table: list[Evidence], talked: Numbers | None
) -> Fields:
    """All stable fields but those that people set."""
    return {
        **_identity(of),
        **_parties(of),
        **_keys(of),
        **_legs(of),
        **_ai(of),
        **speech(of),
        **words(of.call.session),
        **judgement(of, verdict, cut, table),
        "rules_version": RULES_VERSION,
        **acts(of),
        **_sources(of),
        **_log(of),
        **number_fields(talked),
        **setting(of),
    }


def _identity(of: Case) -> group.Identity:
    call, session = of.call, of.call.session
    leg = call.parent or call.child
    told = call.child.parent if call.child else None  # by the child, where nothing came from the parent
    return {
        "parent_call_sid": call.parent.sid if call.parent else told,
        "child_call_sid": call.child.sid if call.child else None,
        "ai_api": session.api if session else None,
        "ai_call_id": session.id if session else None,
        "ai_session_id": session.session_id if session else None,
        "direction": leg.direction if leg else None,
    }


def _parties(of: Case) -> group.Parties:
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
        "answered_at": at(parent.answered if parent else None),
        "ended_at": at(parent.ended if parent else child.ended if child else None),
        "parent_duration_s": parent.duration_s if parent else None,
        "child_started_at": at(child.first if child else None),
        "child_answered_at": at(child.answered if child else None),
        "child_ended_at": at(child.ended if child else None),
        "child_duration_s": child.duration_s if child else None,
    }


def _ai(of: Case) -> group.Ai:
    session, ending = of.call.session, of.ending
    close = ending.sockets.told
    return {
        "ai_first_event_at": at(session.first if session else None),
        "ai_last_event_at": at(session.last if session else None),
        "ai_last_event_type": session.last_kind if session else None,
        "ai_close_observed": close is not None if session else None,
        "ai_close_code": close.code if close else None,
        "ai_close_reason": close.reason if close else None,
        "ai_silence_before_end_s": seconds(ending.silence_s),
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
