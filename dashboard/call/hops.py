"""The hops between lanes: what one leg's end made happen on the others. Pure."""

from typing import NamedTuple, TypedDict

from callstore.domain.facts.vocabulary import LegRole
from callstore.report.document import Report
from callstore.report.document_parts import Moment
from callstore.report.wording import leg_status
from dashboard.call.lanes import flow
from dashboard.call.lanes.mark import has_finding, middle


class Hop(TypedDict):
    """One cause: from a moment on a lane to the moment on another that it made happen."""

    from_lane: str
    from_s: float
    to_lane: str
    to_s: float
    name: str
    label: str
    positions: list[int]


class LegEnd(NamedTuple):
    """When a leg ended, and as what."""

    at: Moment
    status: str | None


def hops(document: Report) -> list[Hop]:
    """Child completed → dial action → <Hangup/> → parent completed, where our flow ended the caller's leg."""
    if not has_finding(document, "parent_followed_child"):
        return []
    parent, child = _ended(document, "parent"), _ended(document, "child")
    asks = [
        (ask, asked, asked_s)
        for ask in document["flow"]
        if ask["kind"] == "dial" and (asked := ask["asked"]) and (asked_s := asked["at_s"]) is not None
    ]
    if not (parent and child and asks):
        return []
    ask, asked, asked_s = asks[-1]
    answer = ask["answered"] or asked
    # Only a call that went wrong was made worse by it; after a clean end it is how the flow is meant.
    name = "amplifier" if "suspicious" in (document.get("flags") or ()) else "our flow"
    return [
        {
            "from_lane": "child", "from_s": middle(child.at), "to_lane": "ivr", "to_s": asked_s,
            "name": name, "label": f"child {leg_status(child.status)} → dial action asked",
            "positions": [child.at["position"], asked["position"]],
        },
        {
            "from_lane": "ivr", "from_s": asked_s, "to_lane": "parent", "to_s": middle(parent.at),
            "name": name, "label": f"we answered {flow.verbs(ask)} → parent completed",
            "positions": [answer["position"], parent.at["position"]],
        },
    ]  # fmt: skip


def _ended(document: Report, role: LegRole) -> LegEnd | None:
    leg = next((leg for leg in document["legs"] if leg["role"] == role), None)
    return LegEnd(at, leg["status"]) if leg and (at := leg["ended"]) else None
