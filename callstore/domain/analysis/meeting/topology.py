"""How the caller's media reaches the AI, as far as facts tell."""

from itertools import pairwise

from callstore.domain.call.call import Call
from callstore.domain.call.legs.fold_conference import meeting
from callstore.domain.call.legs.fold_summary import of_a_trunk
from callstore.domain.call.session import Session
from callstore.domain.facts.vocabulary import Topology

CONFERENCE_HEADER = "x-conferencename"  # as Twilio's own sample puts it on the <Sip> URI
# The From of a leg that TwiML or REST placed; a trunk's says pstn.twilio.com (OpenAI reference §2.3).
LEGS_COME_FROM = "sip.twilio.com"


def topology(call: Call) -> Topology | None:
    """By how the AI's leg came to be, else by our TwiML, else by the INVITE alone."""
    return _by_legs(call) or _by_twiml(call) or _by_invite(call)


def _by_legs(call: Call) -> Topology | None:
    child, parent = call.child, call.parent
    met = meeting(call)
    if met and (child is None or child.sid in met.participants):
        return "conference"
    if child and (child.parent or child.direction == "outbound-dial"):
        return "sip_dial"
    if child is None and call.streams:
        return "media_streams"
    if any(map(of_a_trunk, call.legs.values())):
        return "elastic_trunk"
    placed = child or parent
    alone = placed is not None and placed.direction == "outbound-api" and len(call.legs) == 1
    if alone and call.session and not _names_a_conference(call.session) and not _verbs(call):
        return "direct"
    return None


def _verbs(call: Call) -> list[tuple[str, ...]]:
    return [ask.answer.verbs for ask in call.asks if ask.answer]


def _by_twiml(call: Call) -> Topology | None:
    """The first of our answers that leads anywhere; <Start><Stream> only listens beside."""
    for verbs in _verbs(call):
        if ("Connect", "Stream") in pairwise(verbs):
            return "media_streams"
        if "Conference" in verbs:
            return "conference"
        if "Sip" in verbs:
            return "sip_dial"
    return None


def _by_invite(call: Call) -> Topology | None:
    """A trunk has no callbacks at all: an INVITE by Twilio without a leg, that no <Dial> names."""
    session = call.session
    if session is None or session.offer is None:
        return "media_streams" if session and held_by_us(session) else None
    if _names_a_conference(session):
        return "conference"
    if session.parent:
        return "sip_dial"
    host = session.offer.came_from
    by_twilio = session.child is not None or "twilio.com" in (host or "")
    return "elastic_trunk" if by_twilio and not call.legs and host != LEGS_COME_FROM else None


def _names_a_conference(session: Session) -> bool:
    return session.offer is not None and CONFERENCE_HEADER in {n.lower() for n in session.offer.headers}


def held_by_us(session: Session) -> bool:
    """Whether the application holds the session's own socket: nobody but its two ends can close it."""
    return session.id.startswith("sess_")
