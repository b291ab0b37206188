"""Which moment of a call is the second 0 of a comparison. Pure."""

from typing import Literal, NamedTuple, TypeAlias

from callstore.domain.facts.vocabulary import LegRole
from callstore.report.document import Report
from dashboard.call.lanes.mark import middle, placed

Basis: TypeAlias = Literal["ai_leg_answered", "stream_started", "parent_answered", "call_started"]
WORDS: dict[Basis, str] = {
    "ai_leg_answered": "the answer of the AI's leg",
    "stream_started": "the start of the media stream",
    "parent_answered": "the answer of the parent leg, no leg of the AI being answered",
    "call_started": "the first event, nothing being answered",
}


class Alignment(NamedTuple):
    """The second 0: how far behind the call's start it lies, and what it is."""

    at_s: float
    basis: Basis


def alignment(document: Report) -> Alignment:
    """The answer of the AI's leg, or what comes nearest to it in this call."""
    if (answered := _answered(document, "child")) is not None:
        return Alignment(answered, "ai_leg_answered")
    for stream in document.get("streams") or ():
        if placed(stream["started"]):
            return Alignment(middle(stream["started"]), "stream_started")
    if (answered := _answered(document, "parent")) is not None:
        return Alignment(answered, "parent_answered")
    return Alignment(0.0, "call_started")


def _answered(document: Report, role: LegRole) -> float | None:
    for leg in document.get("legs") or ():
        if leg["role"] == role and placed(leg["answered"]):
            return middle(leg["answered"])
    return None
