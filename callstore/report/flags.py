"""The flags of a call."""

from callstore.domain.analysis.meeting.topology import topology
from callstore.domain.call.call import Call
from callstore.domain.facts.spans import total
from callstore.domain.facts.vocabulary import CallFlag, Flag, VerdictWord
from callstore.findings.rule import Case
from callstore.verdict.truncation import LOST_S, Truncated
from callstore.verdict.verdict import Verdict

# Twilio's own retries end after 15 s (docs/usage/webhooks); later than this somebody held the fact back.
LATE_S = 60.0
_UNSUSPICIOUS: frozenset[VerdictWord] = frozenset(
    {"live", "natural_end", "caller_hung_up", "app_ended", "flow_ended"}
)


def flags(of: Case, verdict: Verdict, cut: Truncated) -> list[Flag]:
    """The flags that follow from the call itself."""
    call = of.call
    lost = total(of.hearing.not_heard) >= LOST_S
    holds: dict[CallFlag, bool] = {
        "truncated": cut.holds,
        "suspicious": cut.holds or lost or verdict.verdict not in _UNSUSPICIOUS,
        "live": verdict.verdict == "live",
        "late": call.latest_arrival_s > LATE_S,
        "orphan": _orphan(call),
        "incomplete": bool(call.anomalies) or any(leg.end_inferred for leg in call.legs.values()),
    }
    return [flag for flag, true in holds.items() if true]


def _orphan(call: Call) -> bool:
    """A piece that was never joined to a caller's leg. On a trunk, and of a leg alone, there is none."""
    if topology(call) in ("elastic_trunk", "direct"):
        return False
    return not call.legs or (call.child is not None and call.parent is None)
