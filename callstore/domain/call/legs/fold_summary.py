"""What Twilio measured of a leg, apart from its progress: Voice Insights, and who or what picked up."""

from callstore.domain.call.call import Call, Leg
from callstore.domain.call.observation import Observation
from callstore.domain.facts.clock import Clock, Instant
from callstore.domain.facts.events import AnswererFound, LegSummarised

SECOND_MS = 1000  # Insights counts whole seconds


def summary(call: Call, sid: str, event: LegSummarised, seen: Observation) -> None:
    leg = call.legs.setdefault(sid, Leg(sid))
    leg.parent = event.parent or leg.parent
    leg.disconnected_by = event.disconnected_by or leg.disconnected_by
    leg.sip_code = event.sip_code if leg.sip_code is None else leg.sip_code
    leg.direction = leg.direction or event.direction
    leg.edge, leg.region = event.edge or leg.edge, event.region or leg.region
    leg.summary, leg.summarised = seen, event


def answerer(call: Call, sid: str, event: AnswererFound) -> None:
    call.legs.setdefault(sid, Leg(sid)).answered_by = event.answered_by


def close(leg: Leg) -> None:
    """A trunk has no callbacks: only Voice Insights tells when its leg began, was answered and ended."""
    told = leg.summarised
    if leg.ended or leg.status or told is None or leg.summary is None or told.ended_at is None:
        return
    leg.ended, leg.end_inferred = _at(told.ended_at, leg.summary), True
    leg.duration_s = leg.duration_s if leg.duration_s is not None else told.duration_s
    leg.first = leg.first or (_at(told.started_at, leg.summary) if told.started_at else None)
    if told.connected_s:
        leg.status, leg.answered = "completed", _at(told.ended_at - told.connected_s, leg.summary)


def _at(moment: float, summary: Observation) -> Observation:
    return Observation(Instant(moment, Clock.PROVIDER, SECOND_MS), summary.position)


def of_a_trunk(leg: Leg) -> bool:
    """Whether this is an Elastic SIP trunk's: the caller's leg and the AI's are one."""
    return (leg.direction or "").startswith("trunking")
