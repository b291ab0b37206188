"""Moments and lengths of a call as its document has them."""

from callstore.domain.call.call import Conversation
from callstore.domain.call.observation import Observation
from callstore.domain.facts.clock import iso
from callstore.findings.rule import Case


def zero(of: Case) -> float | None:
    """The call's start in Unix seconds, from which all `*_s` positions count."""
    call = of.call
    if call.parent and call.parent.first:
        return call.parent.first.at.at
    every = (Conversation(call.child, call.session), *call.others)
    return min((c.began for c in every if c.began), default=None)


def at(seen: Observation | None) -> str | None:
    """The moment as documents spell it."""
    return iso(seen.at.at) if seen else None


def seconds(value: float | None) -> float | None:
    """Seconds to the millisecond."""
    return None if value is None else round(value, 3)
