"""Whether our own flow took the caller or the AI leg out of the conversation, and how that is known.

Event Streams say what our account did by REST. Without them Twilio's next steps do: new TwiML or a new leg in
the middle of a <Dial>, which neither the answer to its action nor a verb behind it can have brought.
"""

from typing import Literal, NamedTuple

from callstore.domain.analysis.meeting.sides import SIDES, person_hung_up
from callstore.domain.analysis.own_actions import refers, transfers
from callstore.domain.call.call import Ask, Call, Leg
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Close
from callstore.domain.facts.vocabulary import TERMINAL

# Twilio fetches new TwiML for a leg at once; a stamp cut to the second hides up to one more.
TAKEN_WITHIN_S = 2.0
# A leg that comes of a REFER is placed at once (pattern P18 waits for it 15 s).
REFERRED_S = 15.0
# After the words that lead to it: the agent says that it will put the caller through.
TRANSFER_WITHIN_S = 30.0
# Verbs after which Twilio asks for nothing more and dials nobody.
_LAST_WORDS = frozenset({"Response", "Say", "Play", "Pause", "Hangup", "Reject"})


class FlowTakeover(NamedTuple):
    """Our REST call or TwiML took a leg away from the AI. `shown`: nothing else explains what was seen.

    `seen` begins with the act, or with what came of it.
    """

    how: Literal["rest", "refer", "twiml", "leg", "ended", "conference", "stream"]
    seen: tuple[Observation, ...]
    shown: bool


def flow_takeover(call: Call, dial: Ask | None, end: Observation) -> FlowTakeover | None:
    """What took the caller or the AI leg away, by the surest witness; `dial` is the AI leg's action."""
    return (
        _by_rest(call, end)
        or _by_refer(call, end)
        or _by_new_twiml(call, dial, end)
        or _by_new_leg(call, dial, end)
        or _by_ended_parent(call, dial, end)
    )


def rescued(took: FlowTakeover, close: Close | None) -> bool:
    """Whether the server had closed the session before: whoever is taken away then is helped, not cut off."""
    if close is None or not close.said or close.reason == "remote_hangup":
        return False
    return close.seen.at.at < took.seen[0].at.at - TAKEN_WITHIN_S


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
    """Twilio asked for TwiML that nothing in the flow leads to."""
    child, parent, began = call.child, call.parent, _began(call)
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
        and (a.leg == child.sid or (parent and a.leg == parent.sid))
    ]
    if not asked:
        return None
    first = min(asked, key=lambda s: (s.at.at, s.position))
    unled = _unled(call, dial)
    if first.at.at < end.at.at or unled:
        return FlowTakeover("twiml", (first, end), shown=True)
    # What stands behind a <Dial> without an action is seldom more than a goodbye.
    if unled is None and not (dial and dial.asked):
        return FlowTakeover("twiml", (first, end), shown=False)
    return _meant(call, "twiml", first, end)


def _by_new_leg(call: Call, dial: Ask | None, end: Observation) -> FlowTakeover | None:
    """The caller's leg dialled another while the AI's was up, or as it ended."""
    child, began = call.child, _began(call)
    if child is None or began is None or child.parent is None:
        return None
    # Legs that are dialled together ring together.
    others = [leg.first for leg in call.legs.values() if leg is not child and leg.parent == child.parent]
    came = [s for s in others if s and began.at.latest < s.at.at <= end.at.latest + TAKEN_WITHIN_S]
    if not came:
        return None
    first = min(came, key=lambda s: (s.at.at, s.position))
    if first.at.latest < end.at.at or _unled(call, dial):
        return FlowTakeover("leg", (first, end), shown=True)
    return _meant(call, "leg", first, end)


def _by_ended_parent(call: Call, dial: Ask | None, end: Observation) -> FlowTakeover | None:
    """The caller's leg was over before the dial action was asked, and it was our side that had ended it."""
    child, parent = call.child, call.parent
    if not (child and dial and dial.asked and dial.status in TERMINAL and ended_from_our_side(parent)):
        return None
    if child.disconnected_by == "callee" or parent is None or parent.summary is None:
        return None
    return FlowTakeover("ended", (dial.asked, parent.summary, end), shown=False)


def ended_from_our_side(parent: Leg | None) -> bool:
    """Voice Insights' word that no BYE came from the person: Twilio, TwiML or REST ended the leg."""
    if parent is None or parent.summary is None or parent.disconnected_by not in SIDES:
        return False
    return not person_hung_up(parent)


def _meant(
    call: Call, how: Literal["twiml", "leg"], seen: Observation, end: Observation
) -> FlowTakeover | None:
    """What our flow would have done at any end of the AI leg, it did because the agent had asked for it."""
    ordered = [s for s in transfers(call) if 0.0 <= end.at.latest - s.at.at <= TRANSFER_WITHIN_S]
    return FlowTakeover(how, (seen, *ordered, end), shown=False) if ordered else None


def _unled(call: Call, dial: Ask | None) -> bool | None:
    """Whether nothing of our flow leads on from the end of the AI leg; None where our TwiML is not known."""
    if dial and dial.asked:
        return set(dial.answer.verbs) <= _LAST_WORDS if dial.answer else None
    dialled = dialled_with(call)
    if dialled is None or dialled.answer is None:
        return None
    verbs = list(dialled.answer.verbs)
    return "Redirect" not in verbs and verbs.count("Dial") < 2


def dialled_with(call: Call) -> Ask | None:
    """The TwiML that dialled the AI leg: the last <Dial> that we answered with before the leg began."""
    began = call.child.first if call.child and call.child.first else _began(call)
    dials = [
        a
        for a in call.asks
        if a.answer and a.answered and "Dial" in a.answer.verbs
        if began is None or a.answered.at.at <= began.at.latest + TAKEN_WITHIN_S
    ]
    return max(dials, key=lambda a: a.answered.at.at if a.answered else 0.0, default=None)


def _began(call: Call) -> Observation | None:
    """When the AI leg was answered, or dialled; where its callbacks are off, when its session was offered."""
    leg, session = call.child, call.session
    return (leg and (leg.answered or leg.first)) or (session and (session.offered or session.first)) or None
