"""Whether the caller had gone when the AI leg ended, and what says so."""

from typing import NamedTuple

from callstore.domain.analysis.sockets import FOLLOWS_S
from callstore.domain.analysis.takeover import ended_from_our_side
from callstore.domain.call.call import Ask, Call, Leg
from callstore.domain.call.observation import Observation
from callstore.domain.facts.vocabulary import TERMINAL

SIDES = ("caller", "callee")


class Left(NamedTuple):
    """Whether the caller left first; `shown` where a witness says so, and not an order of stamps."""

    left: bool
    shown: bool
    by: tuple[Observation, ...]


def caller_left(call: Call, dial: Ask | None, hung_up: bool) -> Left | None:
    """By the dial action, which has the parent's status; by Insights; by the order of both ends."""
    parent, child = call.parent, call.child
    if child is None:
        return _alone(parent, hung_up)
    if dial and dial.asked and dial.status:
        if dial.status in TERMINAL and parent and ended_from_our_side(parent):
            return Left(False, True, (parent.summary or dial.asked, dial.asked))
        return Left(dial.status in TERMINAL, True, (dial.asked,))
    if parent and parent.ended and child.ended and _went_on(child.ended, parent.ended):
        return Left(False, False, (child.ended, parent.ended))
    if parent and parent.summary and parent.disconnected_by in SIDES:
        return Left(parent.disconnected_by == "caller", True, (parent.summary,))
    if parent and parent.ended and child.ended and parent.ended.at.surely_before(child.ended.at):
        return Left(True, False, (parent.ended, child.ended))
    if parent and parent.ended and child.ended and child.ended.at.surely_before(parent.ended.at):
        return Left(False, False, (child.ended, parent.ended))
    return None


def _went_on(child: Observation, parent: Observation) -> bool:
    """Who hung up on something else later was there when the AI leg ended."""
    return parent.at.at - child.at.latest > FOLLOWS_S


def _alone(parent: Leg | None, hung_up: bool) -> Left | None:
    """With no leg to the AI: by Insights, or because nobody else hung up."""
    if parent is None:
        return None
    if parent.summary and parent.disconnected_by in SIDES:
        return Left(parent.disconnected_by == "caller", True, (parent.summary,))
    if parent.ended and not hung_up:
        # Nobody of ours hung up; what is left is the caller, or a fault that Twilio would have reported.
        return Left(True, False, (parent.ended,))
    return None
