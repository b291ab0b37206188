"""Which legs and sessions are one conversation with the AI, and which of several decides: the last one held.

A transfer that nobody takes brings the caller back to a second leg and a second session. A leg to a person
is no conversation with the AI; one that was never answered does not decide over one that was.
"""

from callstore.domain.call.call import Call, Conversation, Leg
from callstore.domain.call.legs import fold_conference
from callstore.domain.call.legs.fold_summary import of_a_trunk
from callstore.domain.call.session import Session

# A session is offered while its leg rings; the two are stamped by two hosts, one of them in whole seconds.
OFFERED_S = 2.0
# The host of OpenAI's SIP endpoints, of every region (guides/realtime-sip).
_OPENAI = "api.openai.com"


def name_legs(call: Call) -> None:
    """Names parent, child and session of the conversation that decides, and keeps the others beside them."""
    every = conversations(call)
    last = next((c for c in reversed(every) if c.held), every[-1] if every else None)
    if last:
        call.child, call.session = last.leg, last.session
        call.others = tuple(c for c in every if c is not last)
        call.since = last.began if every[0] is not last else None
    call.parent = _parent(call)


def _parent(call: Call) -> Leg | None:
    if call.child:
        named = call.child.parent or (call.session.parent if call.session else None)
        if named in call.legs:
            return call.legs[named]
    to_ai = {c.leg.sid for c in call.others if c.leg} | ({call.child.sid} if call.child else set())
    dialled_by = call.child.parent if call.child else None
    others = [
        leg
        for leg in call.legs.values()
        if leg.sid not in to_ai and (dialled_by is None or leg.parent != dialled_by)
    ]
    others.sort(key=lambda leg: (leg.direction != "inbound", *_began(leg)))
    return others[0] if others else None


def conversations(call: Call) -> list[Conversation]:
    """Every conversation with the AI that was held or tried, as they began."""
    legs = ai_legs(call)
    found: list[Conversation] = []
    taken: set[str] = set()
    # Of sessions that were offered on one leg, the one that spoke has it.
    for session in sorted(call.sessions.values(), key=lambda s: (s.frames, s.accepted, s.id), reverse=True):
        leg = _leg_of(call, session, legs)
        if leg and leg.sid in taken and not session.frames:
            leg = None
        taken |= {leg.sid} if leg else set()
        found.append(Conversation(leg, session))
    found += [Conversation(leg, None) for leg in legs if leg.sid not in taken]
    return sorted(found, key=_order)


def ai_legs(call: Call) -> list[Leg]:
    """The legs that lead to the AI: by their sessions, by where they were dialled or placed to, else all.

    A trunk's leads nowhere: it is the caller's leg and the AI's in one.
    """
    named = {s.child for s in call.sessions.values()}
    met = {leg.sid for leg in fold_conference.ai_legs(call)}
    legs = [leg for leg in call.legs.values() if not of_a_trunk(leg)]
    children = [leg for leg in legs if leg.sid in named or leg.sid in met or _dialled(leg)]
    places = {leg.called for leg in children if leg.sid in named and leg.called}
    known = [
        leg for leg in children if leg.sid in named or leg.called in places or _OPENAI in (leg.called or "")
    ]
    by_sip = [leg for leg in children if (leg.called or "").startswith("sip:")]
    return sorted(known or by_sip or children, key=_began)


def other_legs(call: Call) -> list[Leg]:
    """The legs that the caller's leg dialled to somebody else than the AI, as they began."""
    to_ai = {leg.sid for leg in ai_legs(call)}
    parent = call.parent.sid if call.parent else None
    return sorted(
        (leg for leg in call.legs.values() if parent and leg.parent == parent and leg.sid not in to_ai),
        key=_began,
    )


def _leg_of(call: Call, session: Session, legs: list[Leg]) -> Leg | None:
    """The leg that the session names; else the one that was ringing when it was offered, or the only one."""
    if session.child in call.legs:
        return None if of_a_trunk(call.legs[session.child]) else call.legs[session.child]
    named = {s.child for s in call.sessions.values()}
    free = [leg for leg in legs if leg.sid not in named]
    began = Conversation(None, session).began
    before = [leg for leg in free if _began(leg)[0] <= began + OFFERED_S]
    return max(before or free[:1], key=_began, default=None)


def _dialled(leg: Leg) -> bool:
    return leg.parent is not None or leg.direction == "outbound-dial"


def _began(leg: Leg) -> tuple[float, str]:
    return leg.first.at.at if leg.first else 0.0, leg.sid


def _order(of: Conversation) -> tuple[float, int, str]:
    """By when they began; of two at once the one of which more was seen comes last."""
    frames = of.session.frames if of.session else 0
    return of.began, frames, of.session.id if of.session else of.leg.sid if of.leg else ""
