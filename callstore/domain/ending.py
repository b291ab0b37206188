"""Who could have ended the call: our own acts, the caller's, the session's last signs. Facts, no verdict."""

import re
from dataclasses import dataclass, field

from callstore.domain.call import TERMINAL, Ask, Call, Connection, Leg, Seen, Turn

# Names that voice applications give to the tool with which the model ends a call.
_FINISH = re.compile(r"(finish|end|hang|close|terminate|complete)_?-?(up|call|session|conversation)", re.I)
# After the finish tool the goodbye is still spoken and played; longer than this is another story.
FINISH_WITHIN_S = 30.0


@dataclass(slots=True)
class Ending:
    """The end of the AI leg and every actor seen near it. `caller_left` is None where nothing says."""

    leg: Leg | None = None
    end: Seen | None = None
    finish: Seen | None = None
    hangup: Seen | None = None
    close: Connection | None = None
    silence_s: float | None = None
    caller_left: bool | None = None
    caller_left_shown: bool = False
    caller_left_by: tuple[Seen, ...] = ()
    dial: Ask | None = None
    open_turns: list[Turn] = field(default_factory=list)  # begun, never closed


def ending(call: Call) -> Ending:
    """Gather what is known of the end; every field may be missing."""
    leg, session = call.ai_leg, call.session
    result = Ending(leg=leg, end=leg.ended if leg else None)
    _our_acts(result, call)
    if session:
        result.close = session.close
        result.open_turns = [
            t for t in session.turns.values() if t.started and not (t.stopped or t.committed)
        ]
        if result.end and session.last:
            result.silence_s = max(0.0, result.end.at.middle - session.last.at.at)
    if call.child:
        result.dial = next((a for a in call.asks if a.kind == "dial" and a.child == call.child.sid), None)
    _caller(result, call)
    return result


def _our_acts(result: Ending, call: Call) -> None:
    finishes = [s.seen for s in call.said if s.what == "session_finished"]
    hangups = [s.seen for s in call.said if s.what == "hangup_requested"]
    if call.session:
        finishes += [seen for seen, name in call.session.tools if _FINISH.search(name)]
        hangups += [
            a.seen
            for a in call.session.api_calls
            if a.action == "hangup" and (a.status is None or a.status < 300)
        ]
    result.finish = _last_before(finishes, result.end)
    result.hangup = _last_before(hangups, result.end)
    if result.hangup is None and call.child is None:
        result.hangup = _hung_up_by_flow(call)


def _last_before(candidates: list[Seen], end: Seen | None) -> Seen | None:
    """The latest act that can have led to the end: before it, within FINISH_WITHIN_S."""
    if end is not None:
        candidates = [
            s for s in candidates if s.at.at <= end.at.latest + 1.0 and end.at.at - s.at.at <= FINISH_WITHIN_S
        ]
    return max(candidates, key=lambda s: (s.at.at, s.position), default=None)


def _hung_up_by_flow(call: Call) -> Seen | None:
    """With no child leg, our TwiML's <Hangup/> or <Reject/> is the act that ends a call."""
    for ask in call.asks:
        if ask.answer and ask.answered and {"Hangup", "Reject"} & set(ask.answer.verbs):
            return ask.answered
    return None


def _caller(result: Ending, call: Call) -> None:
    """Had the caller gone when the AI leg ended? The dial action knows best: it names the parent's status."""
    parent, child = call.parent, call.child
    if result.end is None or parent is None:
        return
    if child is None:
        _caller_alone(result, parent)
        return
    dial = result.dial
    if dial and dial.asked and dial.status:
        result.caller_left, result.caller_left_shown = dial.status in TERMINAL, True
        result.caller_left_by = (dial.asked,)
    elif parent.disconnected_by in ("caller", "callee") and parent.summary:
        result.caller_left, result.caller_left_shown = parent.disconnected_by == "caller", True
        result.caller_left_by = (parent.summary,)
    elif parent.ended and child.ended:
        if parent.ended.at.surely_before(child.ended.at):
            result.caller_left, result.caller_left_by = True, (parent.ended, child.ended)
        elif child.ended.at.surely_before(parent.ended.at):
            result.caller_left, result.caller_left_by = False, (child.ended, parent.ended)


def _caller_alone(result: Ending, parent: Leg) -> None:
    if parent.disconnected_by in ("caller", "callee") and parent.summary:
        result.caller_left, result.caller_left_shown = parent.disconnected_by == "caller", True
        result.caller_left_by = (parent.summary,)
    elif parent.ended and result.hangup is None:
        # Nobody of ours hung up; what is left is the caller, or a fault that Twilio would have reported.
        result.caller_left, result.caller_left_by = True, (parent.ended,)
