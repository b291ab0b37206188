"""Moments and lengths of a call as its document has them."""

import math

from callstore.domain.call.call import Conversation
from callstore.domain.call.observation import Observation
from callstore.domain.facts.clock import iso
from callstore.findings.rule import Case


def zero(of: Case) -> float | None:
    """The call's start in Unix seconds, from which all `*_s` positions count."""
    call = of.call
    parent = call.parent
    every = (Conversation(call.child, call.session), *call.others)
    began = [c.began for c in every if c.began]
    if parent and parent.first:
        # A number's callback tells the end alone, and with it the length: where nothing came before that, or
        # before what the call led to, it says when the call began.
        came_late = parent.first == parent.ended or parent.first.at.at > min(began, default=math.inf)
        if came_late and parent.ended and parent.duration_s is not None:
            began.append(parent.ended.at.at - parent.duration_s)
        began.append(parent.first.at.at)
    return min(began, default=None)


def at(seen: Observation | None) -> str | None:
    """The moment as documents spell it."""
    return iso(seen.at.at) if seen else None


def seconds(value: float | None) -> float | None:
    """Seconds to the millisecond."""
    return None if value is None else round(value, 3)
