"""What Twilio's support needs: SIDs, SIP Call-ID, edge, region, statuses, codes, Voice Insights. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from callstore.domain.facts.events import LegSummarised
from callstore.domain.facts.record import Record
from callstore.report.document import Report
from callstore.report.document_parts import AskPart, LegPart
from dashboard.hand_over.answers import (
    UNKNOWN,
    Answer,
    asked_of,
    at,
    named,
    of_type,
    other_side,
    sip_call_id,
    sip_uri,
)

LOOK_UP = (
    "The SIP trace of the child leg: who sent the BYE, with which Reason header, and did RTP flow in both"
    " directions until then?"
)


def answers(call: Report, facts: Sequence[Record]) -> Iterator[Answer]:
    """Each question with its answers."""
    ids = {
        "Account SID": next(filter(None, (getattr(fact.event, "account", None) for fact in facts)), None),
        "Parent leg": call["parent_call_sid"],
        "Child leg": call["child_call_sid"],
        "SIP Call-ID": sip_call_id(facts),
        "SIP URI called": sip_uri(call),
        "Conference": call["conference_sid"],
        "Media stream": call["stream_sid"],
        "Region": call["region"],
        "Edge": call["edge"],
        "Topology": call["topology"],
        "AI call id (OpenAI)": call["ai_call_id"],
    }
    yield "Which calls?", named(ids)
    yield "When, and with which statuses?", [_leg(leg) for leg in call["legs"]]
    warnings = [
        f"{each['code']} ({each['level']}) {at(each)} on {each['leg']}: {each['message'] or ''}"
        for each in call["warnings"]
    ]
    yield "Which errors and warnings were reported?", warnings or ["None has reached us."]
    insights = [_insight(fact) for fact in of_type(facts, LegSummarised)]
    yield "What does Voice Insights say?", insights or ["No call summary has reached us."]
    yield "What were we asked, and what did our TwiML say?", [_ask(ask) for ask in call["flow"]]
    recordings = [
        f"{each['recording']} of {each['leg']}: {each['state']}, {each['channels'] or '?'} channels,"
        f" {each['duration_s']} s"
        for each in call["recordings"]
    ]
    yield "How was it recorded?", recordings or ["No recording has reached us."]
    yield "What did the other witnesses see?", other_side(call)
    yield "What do we ask you to look up?", [*asked_of(call, "Twilio"), LOOK_UP]


def _leg(leg: LegPart) -> str:
    told = [f"{step['status']} {at(step)}" for step in leg["history"]]
    if leg["sip_code"]:
        told.append(f"SIP {leg['sip_code']}")
    if leg["error_code"]:
        told.append(f"error {leg['error_code']}")
    if leg["duration_s"] is not None:
        told.append(f"{leg['duration_s']} s")
    return f"{leg['role']} {leg['sid']}: {'; '.join(told)}"


def _insight(fact: Record) -> str:
    event: Any = fact.event
    return (
        f"{fact.subject.partition(':')[2]} ({event.processing}): disconnected by"
        f" {event.disconnected_by or UNKNOWN}, {event.duration_s} s, SIP {event.sip_code or UNKNOWN},"
        f" region {event.region or UNKNOWN}, edge {event.edge or UNKNOWN}"
    )


def _ask(ask: AskPart) -> str:
    answered = f"answered with {', '.join(ask['verbs'])}" if ask["verbs"] else "our answer is not known"
    dialled = f"; DialCallStatus {ask['dial_status']}" if ask["dial_status"] else ""
    return f"{ask['kind']} at {ask['path']} {at(ask['asked'])}: {answered}{dialled}"
