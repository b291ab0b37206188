"""Whether the caller had gone when the AI leg ended, and what says so."""

from typing import NamedTuple

from callstore.domain.analysis.meeting.departures import Departure
from callstore.domain.analysis.meeting.sides import SIDES, person_hung_up
from callstore.domain.analysis.meeting.streams import asked_after, carrying, said_before
from callstore.domain.analysis.sockets import FOLLOWS_S
from callstore.domain.analysis.takeover import ended_from_our_side
from callstore.domain.call.call import Ask, Call, Leg
from callstore.domain.call.observation import Observation
from callstore.domain.call.session import Close
from callstore.domain.facts.vocabulary import TERMINAL


class Left(NamedTuple):
    """Whether the caller left first; `shown` where a witness says so, and not an order of stamps."""

    left: bool
    shown: bool
    by: tuple[Observation, ...]


def caller_left(
    call: Call, dial: Ask | None, first: Departure | None, close: Close | None, other_reason: bool
) -> Left | None:
    """By the conference; by the dial action, which has the parent's status; by Insights; by both ends."""
    parent, child = call.parent, call.child
    if child is None:
        return _alone(call, parent, close, other_reason)
    if first:
        return Left(first.who == "caller", first.shown, first.seen)
    if dial and dial.asked and dial.status:
        if dial.status in TERMINAL and parent and ended_from_our_side(parent):
            return Left(False, True, (parent.summary or dial.asked, dial.asked))
        return Left(dial.status in TERMINAL, True, (dial.asked,))
    if parent and parent.ended and child.ended and _went_on(child.ended, parent.ended):
        return Left(False, False, (child.ended, parent.ended))
    if parent and parent.summary and parent.disconnected_by in SIDES:
        return Left(person_hung_up(parent), True, (parent.summary,))
    if parent and parent.ended and child.ended and parent.ended.at.surely_before(child.ended.at):
        return Left(True, False, (parent.ended, child.ended))
    if parent and parent.ended and child.ended and child.ended.at.surely_before(parent.ended.at):
        return Left(False, False, (child.ended, parent.ended))
    return None


def _went_on(child: Observation, parent: Observation) -> bool:
    """Who hung up on something else later was there when the AI leg ended."""
    return parent.at.at - child.at.latest > FOLLOWS_S


def _alone(call: Call, parent: Leg | None, close: Close | None, other_reason: bool) -> Left | None:
    """With no leg to the AI: by Insights, by what Twilio asked then, or for want of another reason."""
    stream = carrying(call)
    after = asked_after(call, stream)
    if parent is None:
        return None
    if parent.summary and parent.disconnected_by in SIDES:
        return Left(person_hung_up(parent), True, (parent.summary,))
    if after and after.asked:
        return Left(after.status in TERMINAL, True, (after.asked,))
    if stream and (stream.failed or (parent.ended and said_before(close, parent.ended))):
        return None  # the stream broke, or our application may have ended the call when the AI closed
    told = call.app_told or bool(call.session and call.session.frames)
    if stream and not told:
        return None  # an application of which nothing is heard may have ended it
    if parent.ended and not other_reason:
        # Nothing else was seen that ends it: it was the caller, or a fault that Twilio would have reported.
        return Left(True, False, (parent.ended,))
    return None
