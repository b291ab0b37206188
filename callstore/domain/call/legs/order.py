"""Transitions of a leg that cannot happen: kept and shown, never raised."""

from callstore.domain.call.call import Call, Leg
from callstore.domain.call.observation import Anomaly
from callstore.domain.facts.vocabulary import TERMINAL


def check(call: Call, leg: Leg) -> None:
    """Notes what came after the end by Twilio's own numbers, and an answered leg that ended unanswered."""
    ended = leg.ended
    if not ended or leg.status not in leg.sequences:
        return
    last = leg.sequences[leg.status]
    for status_, sequence in leg.sequences.items():
        if status_ not in TERMINAL and sequence > last:
            positions = (ended.position, leg.history[status_].position)
            call.anomalies.append(
                Anomaly("status_after_end", f"{leg.sid} reported {status_} after {leg.status}", positions)
            )
    if leg.status not in ("completed", "canceled", "failed") and "in-progress" in leg.history:
        positions = (leg.history["in-progress"].position, ended.position)
        call.anomalies.append(
            Anomaly("ended_oddly", f"{leg.sid} was answered and ended as {leg.status}", positions)
        )
