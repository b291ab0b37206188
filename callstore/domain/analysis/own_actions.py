"""What our own side did that can end a call: finish tools, hang-ups, transfers, REST and TwiML."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from callstore.domain.analysis.finish_tools import FinishTools
from callstore.domain.call.call import Ask, Call
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import ApiCall

WENT_ON = 2
# Twilio fetches new TwiML for a leg at once; a stamp cut to the second hides up to one more.
TAKEN_WITHIN_S = 2.0
# A leg that comes of a REFER is placed at once (pattern P18 waits for it 15 s).
REFERRED_S = 15.0


class FlowTakeover(NamedTuple):
    """Our REST call or TwiML took a leg away from the AI. `shown`: nothing else explains what was seen."""

    how: Literal["rest", "twiml", "refer"]
    seen: tuple[Observation, ...]
    shown: bool


def finishes(call: Call, tools: FinishTools) -> list[Observation]:
    """Each call of the agent's finish tool, by the session's frame or the application's word."""
    told = [s.seen for s in call.said if s.what == "session_finished"]
    return told + ([seen for seen, name in call.session.tools if tools.named(name)] if call.session else [])


def last_finishes(call: Call, tools: FinishTools) -> Iterator[Observation]:
    """Those that the conversation did not outlive: after one answered goodbye the call ends."""
    session = call.session
    replies = sorted(r.started.at.at for r in session.replies.values() if r.started) if session else []
    turns = [t.began.at.at for t in session.turns.values() if t.began] if session else []
    for seen in finishes(call, tools):
        answered = [at for at in turns if at > seen.at.at and replies and at < replies[-1]]
        if len(answered) < WENT_ON:
            yield seen


def hangups(call: Call) -> Iterator[Observation]:
    """Our application hung up: by its word, by an accepted API call, by asking for the session's close."""
    yield from (s.seen for s in call.said if s.what == "hangup_requested")
    if call.session:
        yield from (a.seen for a in call.session.api_calls if a.action == "hangup" and _accepted(a))
        if call.session.parting and call.session.parting.reason == "close_requested":
            yield call.session.parting.seen
    if call.child is None:
        yield from _hung_up_by_flow(call)


def _accepted(call: ApiCall) -> bool:
    return call.status is None or call.status < 300


def _hung_up_by_flow(call: Call) -> Iterator[Observation]:
    """With no child leg, our TwiML's <Hangup/> or <Reject/> is the act that ends a call."""
    for ask in call.asks:
        if ask.answer and ask.answered and {"Hangup", "Reject"} & set(ask.answer.verbs):
            yield ask.answered


def refers(call: Call) -> Iterator[ApiCall]:
    """Transfers that OpenAI did not refuse as a mistake of ours; a 5xx may still have been handed over."""
    for api_call in call.session.api_calls if call.session else ():
        if api_call.action == "refer" and not (api_call.status and 400 <= api_call.status < 500):
            yield api_call


def flow_takeover(call: Call, dial: Ask | None, end: Observation) -> FlowTakeover | None:
    """Whether our own flow took the caller or the AI leg out of the conversation, and how that is known."""
    return _by_rest(call, end) or _by_refer(call, end) or _by_new_twiml(call, dial, end)


def _by_rest(call: Call, end: Observation) -> FlowTakeover | None:
    """A change by REST that comes right before the end."""
    changes = [c.seen for leg in (call.parent, call.child) if leg for c in leg.changed]
    near = [s for s in changes if -TAKEN_WITHIN_S <= s.at.at - end.at.at <= TAKEN_WITHIN_S]
    return FlowTakeover("rest", (*near, end), shown=True) if near else None


def _by_refer(call: Call, end: Observation) -> FlowTakeover | None:
    """A REFER from which a new leg, or a new request for TwiML, came."""
    for refer in refers(call):
        after = refer.seen.at.at
        legs = [x.first for x in call.legs.values() if x is not call.child and x is not call.parent]
        asks = [a.asked for a in call.asks if a.kind == "voice"]
        came = [s for s in (*legs, *asks) if s and -1.0 <= s.at.at - after <= REFERRED_S]
        if came:
            return FlowTakeover("refer", (refer.seen, *came, end), shown=True)
    return None


def _by_new_twiml(call: Call, dial: Ask | None, end: Observation) -> FlowTakeover | None:
    """Twilio asked for new TwiML in the middle of the <Dial>, which does not ask its action then."""
    child, parent = call.child, call.parent
    began = child.answered or child.first if child else None
    if child is None or began is None:
        return None
    # A copy of an earlier request may reach us late; a path that was asked before the leg is such a copy.
    known = {a.path for a in call.asks if (s := a.asked or a.answered) and s.at.at <= began.at.latest}
    asked = [
        a.asked
        for a in call.asks
        if a.kind == "voice"
        and a.asked
        and a.status == "in-progress"
        and a.path not in known
        # The <Sip url> screening of a leg is asked as it answers; that is no redirect.
        and began.at.latest + TAKEN_WITHIN_S < a.asked.at.at <= end.at.latest + TAKEN_WITHIN_S
        and (a.leg == child.sid or (parent and a.leg == parent.sid and not (dial and dial.asked)))
    ]
    if not asked:
        return None
    first = min(asked, key=lambda s: (s.at.at, s.position))
    # At the end it may be the <Redirect> that stands behind a <Dial> without an action.
    dialled = [a.answer for a in call.asks if a.answer and "Dial" in a.answer.verbs]
    plain = bool(dialled) and not any("Redirect" in d.verbs for d in dialled)
    return FlowTakeover("twiml", (first, end), shown=plain or first.at.at < end.at.at)
