"""Who left a conference first, and why, as its callbacks tell it."""

from typing import Literal, NamedTuple

from callstore.domain.analysis.meeting.topology import topology
from callstore.domain.analysis.takeover import FlowTakeover
from callstore.domain.call.call import Ask, Call
from callstore.domain.call.legs.conference import Conference, Participant
from callstore.domain.call.legs.fold_conference import meeting
from callstore.domain.call.observation import Observation

# Twilio's words for what our account did (twilio.com/docs/voice/twiml/conference, ReasonParticipantLeft).
BY_API = frozenset({"participant_updated_via_api", "conference_ended_via_api"})
TAKEN_ALONG = "moderator_ended_conference"
# Whoever was in the conference and stays so much longer than the AI goes on with the call.
GOES_ON_S = 5.0


class Departure(NamedTuple):
    """The first of caller, AI and our account to end the meeting; `shown` where Twilio's numbers order it.

    `leg` is whose leg left, None where the conference itself was ended.
    """

    who: Literal["caller", "ai", "app"]
    leg: str | None
    shown: bool
    seen: tuple[Observation, ...]


def first_to_leave(call: Call) -> Departure | None:
    """None where there is no conference of caller and AI, or its callbacks do not say."""
    met, child, parent = meeting(call), call.child, call.parent
    if met is None or child is None or parent is None:
        return None
    if child.sid not in met.participants and child.parent:
        return None  # a <Dial> bridged them; the caller met somebody else in this conference
    sides = {sid: met.participants[sid] for sid in (parent.sid, child.sid) if sid in met.participants}
    first = _first([p for p in sides.values() if p.left and p.reason != TAKEN_ALONG])
    if first is None:
        return _by_end(met, parent.sid, child.sid)
    other = next((p for p in sides.values() if p is not first), None)
    leg = call.legs[other.leg] if other else child if first.leg == parent.sid else parent
    gone = leg.ended and first.left and leg.ended.at.surely_before(first.left.at)
    if gone and not (other and other.left):
        return None  # the other side's leaving was never told, and it was over before
    who: Literal["caller", "ai", "app"] = "caller" if first.leg == parent.sid else "ai"
    ordered = met.ended_by == first.leg or bool(other and other.left and (other.order or other.reason))
    seen = tuple(s for s in (first.left, met.ended, other.left if other else None) if s)
    return Departure("app" if first.reason in BY_API else who, first.leg, ordered, seen)


def _first(left: list[Participant]) -> Participant | None:
    """By Twilio's numbers where all have one, else by stamps that are whole seconds."""
    if len(left) > 1 and any(p.order is None for p in left):
        one, two = left
        assert one.left and two.left
        if one.left.at.surely_before(two.left.at):
            return one
        return two if two.left.at.surely_before(one.left.at) else None
    return min(left, key=lambda p: p.order or 0, default=None)


def _by_end(met: Conference, parent: str, child: str) -> Departure | None:
    """With no leaving that tells, the end of the conference may name who brought it about."""
    if met.ended is None:
        return None
    if met.ended_by in (parent, child):
        return Departure("caller" if met.ended_by == parent else "ai", met.ended_by, True, (met.ended,))
    word = met.reason or ""
    if "via-api" in word or "kicked" in word:
        return Departure("app", None, True, (met.ended,))
    return None


def conference_taken(call: Call, first: Departure | None) -> FlowTakeover | Observation | None:
    """How our account took caller or AI out of their conference; an act alone where it ended it for both."""
    if first and first.who == "app":
        return FlowTakeover("conference", first.seen, first.shown) if first.leg else first.seen[0]
    joined = _handed_over(call)
    return FlowTakeover("conference", joined, shown=True) if joined else None


def dial_action(call: Call) -> Ask | None:
    """The action that was asked when the AI's leg ended.

    That of a <Dial><Conference> names no leg: asked at that moment, it is about it.
    """
    child, parent = call.child, call.parent
    asked = [a for a in call.asks if a.kind == "dial"]
    named = next((a for a in asked if child and a.child == child.sid), None)
    if named or child is None or child.ended is None or parent is None or topology(call) != "conference":
        return named
    ended, own = child.ended, [a for a in asked if a.child is None and a.leg == parent.sid]
    return next((a for a in own if a.asked and _near(a.asked, ended)), None)


def _near(one: Observation, other: Observation) -> bool:
    return abs(one.at.at - other.at.middle) <= GOES_ON_S


def _handed_over(call: Call) -> tuple[Observation, ...]:
    """What shows that somebody else joined and stayed with the caller when the AI left; () if nobody did."""
    met = meeting(call)
    if met is None or call.child is None or call.parent is None:
        return ()
    ai, caller = met.participants.get(call.child.sid), met.participants.get(call.parent.sid)
    if ai is None or ai.left is None or (caller and not _outlives(caller, ai.left)):
        return ()
    for one in met.participants.values():
        came = one.joined is not None and one.joined.at.at <= ai.left.at.at
        if one not in (ai, caller) and one.joined and came and _outlives(one, ai.left):
            return one.joined, ai.left
    return ()


def _outlives(one: Participant, left: Observation) -> bool:
    return one.left is None or one.left.at.at >= left.at.at + GOES_ON_S
