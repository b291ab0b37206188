"""Which side of a leg is the person: Twilio calls whoever was dialled the callee."""

from callstore.domain.call.call import Call, Leg
from callstore.domain.call.legs.fold_summary import of_a_trunk

SIDES = ("caller", "callee")  # whose BYE Twilio saw (Voice Insights, disconnected_by)


def person_hung_up(leg: Leg) -> bool:
    """Whether the person sent this leg's BYE: the caller of an inbound one, the callee of one we placed."""
    person = "callee" if (leg.direction or "").startswith("outbound") else "caller"
    return leg.disconnected_by == person


def ai_sent_bye(call: Call) -> bool:
    """Whether Insights saw the BYE come from the AI's side: the callee of its leg, or of a trunk's."""
    leg = call.child or (call.parent if call.parent and of_a_trunk(call.parent) else None)
    return leg is not None and leg.disconnected_by == "callee"
