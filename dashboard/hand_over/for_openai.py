"""What OpenAI's support needs: session, request ids, model, times, what came and what did not. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from callstore.domain.facts.clock import Clock, iso
from callstore.domain.facts.events import ApiCalled
from callstore.domain.facts.record import Record
from callstore.report.document import Report
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

LAST = 12  # events of the session, each told
MOMENTS = {
    "Webhook of the call": "offered",
    "Accepted": "accepted",
    "First event received": "first",
    "Last event received": "last",
}
EXPECTED = ("session.created", "input_audio_buffer.speech_started", "response.done")
LOOK_UP = (
    "The log of this session after its last event: did audio arrive, was it processed, and who ended the SIP"
    " dialog (the direction of the BYE, and its Reason)?"
)


def answers(call: Report, facts: Sequence[Record]) -> Iterator[Answer]:
    """Each question with its answers."""
    session: Any = call["session"] or {}
    ids = {
        "AI call id": call["ai_call_id"],
        "Session id": call["ai_session_id"],
        "API": call["ai_api"],
        "Model": session.get("model"),
        "SIP URI called": sip_uri(call),
        "SIP Call-ID": sip_call_id(facts),
        "Twilio call SID of the SIP leg": call["child_call_sid"],
        "Turn detection": session.get("turn_detection"),
        "Transcription": session.get("transcription"),
    }
    yield "Which session?", named(ids)
    moments = [f"{name}: {at(session.get(moment))}" for name, moment in MOMENTS.items()]
    yield "When?", [*moments, *_leg(call), _clock(call)]
    yield "Which requests did we make?", [_request(call, fact) for fact in of_type(facts, ApiCalled)]
    yield (
        "How did the session's sockets open and close?",
        [_socket(each) for each in session.get("connections") or ()],
    )
    yield (
        "Which errors did the session report?",
        [_error(each) for each in session.get("errors") or ()] or ["None has reached us."],
    )
    frames = [fact for fact in facts if fact.subject.startswith("openai:") and fact.sequence is not None]
    latest = sorted(frames, key=lambda fact: (fact.occurred.at, fact.sequence or 0))[-LAST:]
    told = [f"{_moment(call, fact)} (seq {fact.sequence}): `{_kind(fact)}`" for fact in latest]
    yield f"What were the last {LAST} events?", [*told, "events.jsonl has them all, by their event_id"]
    yield "What was received, and what was not?", _received(call, frames)
    yield "What did the other witnesses see?", other_side(call)
    yield "What do we ask you to look up?", [*asked_of(call, "OpenAI"), LOOK_UP]


def _received(call: Report, frames: Sequence[Record]) -> list[str]:
    kinds = Counter(_kind(fact) for fact in frames)
    told = ", ".join(f"{kind} × {count}" for kind, count in kinds.most_common(20))
    never = [] if call["ai_close_observed"] else ["a close of the session or of its socket"]
    never += [kind for kind in EXPECTED if kind not in kinds]
    lines = [f"Received: {told or 'nothing'}", f"Not received: {', '.join(never) or 'nothing we waited for'}"]
    if (silent := call["ai_silence_before_end_s"]) is not None:
        lines.append(f"Silent for {silent} s before the SIP leg ended")
    if call["ai_close_observed"]:
        lines.append(f"Closed with code {call['ai_close_code']}: {call['ai_close_reason'] or 'no reason'}")
    return lines


def _leg(call: Report) -> list[str]:
    return [
        f"SIP leg {leg['sid']}: answered {at(leg['answered'])}, ended {at(leg['ended'])}"
        for leg in call["legs"]
        if leg["role"] == "child"
    ]


def _clock(call: Report) -> str:
    ahead = call["app_clock_ahead_s"]
    right = "; the moments told here are set right by that, those in events.jsonl are not" if ahead else ""
    return f"Events are stamped by our application's clock, {ahead:+.3f} s against Twilio's{right}"


def _moment(call: Report, fact: Record) -> str | None:
    """When it happened, on the axis of all other moments here."""
    is_ours = fact.occurred.clock is Clock.APP
    return iso(fact.occurred.at - (call["app_clock_ahead_s"] if is_ours else 0.0))


def _request(call: Report, fact: Record) -> str:
    event: Any = fact.event
    asked = f"{event.method or 'POST'} {event.action} at {_moment(call, fact)}"
    return f"{asked}: status {event.status or UNKNOWN}, request id {event.request_id or UNKNOWN}"


def _socket(each: Any) -> str:
    status = f" (HTTP {each['http_status']})" if each["http_status"] else ""
    closed = f"closed {at(each['closed'])}, code {each['code']}" if each["closed"] else "no close seen"
    frames = f"close frame received {each['received'] or 'none'}, sent {each['sent'] or 'none'}"
    why = f" ({each['reason']})" if each["reason"] else ""
    return f"{each['id']}: opened {at(each['opened'])}{status}; {closed}{why}; {frames}"


def _error(each: Any) -> str:
    return f"{at(each)}: {each['type'] or 'error'} {each['code'] or ''} {each['message'] or ''}"


def _kind(fact: Record) -> str:
    return str(getattr(fact.event, "kind", fact.event.TYPE))
