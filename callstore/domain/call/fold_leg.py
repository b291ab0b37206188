"""How facts about Twilio legs fold: a lattice of statuses, never last-write-wins.

Twilio fires callbacks in order but sends them independently (twilio.com/docs/voice/api/call-resource), so a
leg's status is the highest it ever had; a terminal status is never left.
"""

from itertools import pairwise

from callstore.domain.call.call import Ask, Call, Leg, LegChange
from callstore.domain.call.conversations import name_legs
from callstore.domain.call.legs import fold_conference, fold_summary
from callstore.domain.call.legs.order import check
from callstore.domain.call.observation import Anomaly, Observation
from callstore.domain.facts.clock import Clock
from callstore.domain.facts.events import (
    DialFinished,
    DigitsPressed,
    FlowAsked,
    LegChanged,
    LegStatus,
)
from callstore.domain.facts.vocabulary import HUNG_UP, RUNNING, TERMINAL, AskKind

_RANK: dict[str, int] = {
    **{status: rank for rank, status in enumerate(RUNNING)},
    **dict.fromkeys(TERMINAL, len(RUNNING)),
}
_MEDIA_VERBS = {"Say", "Play", "Gather", "Dial", "Record"}  # the first of them answers an inbound call
_KINDS = {FlowAsked: "voice", DigitsPressed: "gather", DialFinished: "dial"}
# Twilio waits no longer for TwiML (twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
ANSWERED_WITHIN_S = 15.0


def _leg(call: Call, sid: str) -> Leg:
    return call.legs.setdefault(sid, Leg(sid))


def _advance(
    call: Call, leg: Leg, status: str | None, seen: Observation, sequence: int | None = None
) -> None:
    """Notes a status, with its number where it has one; a word that no leg is known to have moves nothing."""
    if status not in _RANK:
        return
    leg.history.setdefault(status, seen)
    if sequence is not None:
        leg.sequences.setdefault(status, sequence)
    if leg.status is None or _RANK[status] > _RANK[leg.status]:
        leg.status = status
    elif status in TERMINAL and leg.status in TERMINAL and status != leg.status:
        positions = (leg.history[leg.status].position, seen.position)
        call.anomalies.append(
            Anomaly("two_endings", f"{leg.sid} ended as {leg.status} and as {status}", positions)
        )


def status(call: Call, sid: str, event: LegStatus, seen: Observation, sequence: int | None) -> None:
    leg = _leg(call, sid)
    _describe(leg, event, seen)
    leg.parent = event.parent or leg.parent
    _advance(call, leg, event.status, seen, sequence)
    leg.duration_s = leg.duration_s if event.duration_s is None else event.duration_s
    leg.sip_code = leg.sip_code if event.sip_code is None else event.sip_code
    leg.error_code = event.error_code or leg.error_code


def changed(call: Call, sid: str, event: LegChanged, seen: Observation) -> None:
    if event.http_status is None or event.http_status < 300:
        _leg(call, sid).changed.append(LegChange(seen, event.how))


def flow_asked(
    call: Call, sid: str, event: FlowAsked | DigitsPressed | DialFinished, seen: Observation
) -> None:
    seen = _when_asked(call, sid, event, seen)
    leg = _leg(call, sid)
    _describe(leg, event, seen)
    # A request that says "completed" tells that the leg is over, not when it ended.
    if event.status not in TERMINAL:
        _advance(call, leg, event.status, seen)
    match event:
        case FlowAsked():
            leg.parent = event.parent or leg.parent
            _ask(call, "voice", sid, event, seen).agent = event.agent
        case DigitsPressed():
            pressed = None if event.digits == HUNG_UP else event.digits  # once read as what a caller pressed
            _ask(call, "gather", sid, event, seen).digits = pressed
        case DialFinished():
            ask = _ask(call, "dial", sid, event, seen)
            ask.child, ask.dial_status = event.child, event.dial_status
            if event.child:
                child = _leg(call, event.child)
                child.parent = child.parent or sid
                child.duration_s = child.duration_s if child.duration_s is not None else event.duration_s
                child.sip_code = child.sip_code if child.sip_code is not None else event.sip_code


def _when_asked(
    call: Call, sid: str, event: FlowAsked | DigitsPressed | DialFinished, seen: Observation
) -> Observation:
    """When a question was put: our copy may come late, and then the answer, which cannot be earlier, says."""
    if seen.at.clock != Clock.RECEIVER:
        return seen
    for ask in call.asks:
        if (ask.leg, ask.kind, ask.path) == (sid, _KINDS[type(event)], event.path) and ask.asked is None:
            late = ask.answered is not None and seen.at.at - ask.answered.at.at > ANSWERED_WITHIN_S
            return Observation(ask.answered.at, seen.position) if ask.answered and late else seen
    return seen


def _ask(
    call: Call,
    kind: AskKind,
    sid: str,
    event: FlowAsked | DigitsPressed | DialFinished,
    seen: Observation,
) -> Ask:
    """The question, beside its answer where that one was stamped earlier by another clock."""
    place = (sid, kind, event.path)
    if waiting := call.unasked[place]:
        ask = waiting.popleft()
        ask.asked, ask.status = seen, event.status
        return ask
    ask = Ask(kind, event.path, sid, seen, event.status)
    call.asks.append(ask)
    call.unanswered[place].append(ask)
    return ask


def _describe(
    leg: Leg, event: LegStatus | FlowAsked | DigitsPressed | DialFinished, seen: Observation
) -> None:
    leg.direction = event.direction or leg.direction
    leg.caller = event.caller or leg.caller
    leg.called = event.called or leg.called
    leg.first = leg.first or seen


def finish(call: Call) -> None:
    """Name parent and child, close legs by what else is known, and report impossible transitions."""
    for leg in call.legs.values():
        leg.answered = leg.history.get("in-progress")
        leg.ended = next((leg.history[s] for s in sorted(TERMINAL & leg.history.keys())), None)
        if leg.status in TERMINAL:
            leg.ended = leg.history[leg.status]
        failed = leg.ended if leg.status != "completed" else None
        if failed and leg.answered and failed.at.surely_before(leg.answered.at):
            leg.answered = None  # what is told of a leg after its end does not undo it
        _close_by_dial(call, leg)
        fold_summary.close(leg)
        check(call, leg)
    fold_conference.finish(call)
    name_legs(call)
    _close_by_next(call)
    if call.child:
        _close_by_parent(call.parent, call.child)
    if call.parent:
        _answer_by_flow(call, call.parent)


def _close_by_dial(call: Call, child: Leg) -> None:
    """Without its own terminal callback a child is closed by the dial action, which comes at its end."""
    if child.ended:
        return
    for ask in call.asks:
        if ask.kind == "dial" and ask.child == child.sid and ask.asked and ask.dial_status in TERMINAL:
            child.status, child.ended, child.end_inferred = ask.dial_status, ask.asked, True


def _close_by_next(call: Call) -> None:
    """A caller talks to one leg at a time: where nothing else closed one, the next to the AI did."""
    legs = [c.leg for c in call.others if c.leg]
    legs += [call.child] if call.child else []
    legs.sort(key=lambda leg: leg.first.at.at if leg.first else 0.0)
    for leg, following in pairwise(legs):
        if leg.ended is None and following is not leg and following.parent == leg.parent:
            leg.ended, leg.end_inferred = following.first, True


def _close_by_parent(parent: Leg | None, child: Leg) -> None:
    """A <Dial> ends with the leg that dialled: where nothing else closed the child, that did."""
    if child.ended is None and parent and parent.ended and child.parent == parent.sid:
        child.ended, child.end_inferred = parent.ended, True


def _answer_by_flow(call: Call, parent: Leg) -> None:
    """Twilio answers an inbound call when the first media verb runs; nothing says so but our own TwiML."""
    media = [a.answered for a in call.asks if a.answered and a.answer and _MEDIA_VERBS & set(a.answer.verbs)]
    if media and parent.direction == "inbound":
        first = min(media, key=lambda s: (s.at.at, s.position))
        if parent.answered is None or first.at.at < parent.answered.at.at:
            parent.answered = first
        if parent.first is None or first.at.at < parent.first.at.at:
            parent.first = first  # our application stamped its answer before we received the question
