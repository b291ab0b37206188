"""How a conference folds: its callbacks are numbered, so that who left first is told even within a second."""

from callstore.domain.call.call import Call, Leg
from callstore.domain.call.legs.conference import Conference, Participant
from callstore.domain.call.observation import Observation
from callstore.domain.facts.events import ConferenceChanged
from callstore.domain.facts.vocabulary import TERMINAL


def changed(
    call: Call, about: str, event: ConferenceChanged, seen: Observation, sequence: int | None
) -> None:
    """`about` is a leg's SID, or the conference's own."""
    conference = call.conferences.setdefault(event.conference, Conference(event.conference))
    conference.name = event.name or conference.name
    if event.what == "started":
        conference.started = conference.started or seen
    elif event.what == "ended":
        conference.ended = conference.ended or seen
        conference.reason = event.reason or conference.reason
        conference.ended_by = event.ended_by or conference.ended_by
    elif about != event.conference:
        _participant(conference, about, event, seen, sequence)


def _participant(
    conference: Conference, leg: str, event: ConferenceChanged, seen: Observation, sequence: int | None
) -> None:
    one = conference.participants.setdefault(leg, Participant(leg))
    one.label = event.label or one.label
    one.ends_on_exit = one.ends_on_exit if event.ends_on_exit is None else event.ends_on_exit
    if event.what == "joined":
        one.joined = one.joined or seen
        if one.left and one.left.at.surely_before(seen.at):
            one.left, one.order, one.reason, one.leg_status = None, None, None, None
    elif event.what == "left":
        one.left, one.order = seen, sequence
        one.reason, one.leg_status = event.reason, event.leg_status


def meeting(call: Call) -> Conference | None:
    """The conference in which the AI met the caller: of several the last one that both were in."""
    met = [c for c in call.conferences.values() if call.child and call.child.sid in c.participants]
    any_ = met or [c for c in call.conferences.values() if call.parent and call.parent.sid in c.participants]
    return max(any_ or call.conferences.values(), key=_begun, default=None)


def _begun(conference: Conference) -> tuple[float, str]:
    joined = [p.joined for p in conference.participants.values() if p.joined]
    return min((s.at.at for s in (conference.started, *joined) if s), default=0.0), conference.sid


def ai_legs(call: Call) -> list[Leg]:
    """The participants that our account placed to a SIP address."""
    return [
        leg
        for conference in call.conferences.values()
        for sid in conference.participants
        if (leg := call.legs.get(sid)) and leg.direction == "outbound-api" and _is_sip(leg.called)
    ]


def _is_sip(address: str | None) -> bool:
    return bool(address and address.lower().startswith(("sip:", "sips:")))


def finish(call: Call) -> None:
    """A leg whose own end nobody told has ended when it left, where Twilio says that it is over."""
    for conference in call.conferences.values():
        for one in conference.participants.values():
            leg = call.legs.get(one.leg)
            if leg and leg.ended is None and one.left and one.leg_status in TERMINAL:
                leg.status, leg.ended, leg.end_inferred = one.leg_status, one.left, True
