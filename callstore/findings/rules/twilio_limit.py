"""The leg lasted exactly as long as Twilio's limit for it (P19)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

# <Dial> ends a call after four hours unless its timeLimit says less (twilio.com/docs/voice/twiml/dial).
DEFAULT_S = 14_400
# Twilio counts whole seconds at both ends.
WITHIN_S = 1


def find(case: Case) -> Iterator[Finding]:
    child, ending = case.call.child, case.ending
    if child is None or child.duration_s is None or ending.acted or child.disconnected_by == "callee":
        return
    dials = [a for a in case.call.asks if a.answer and a.answered and "Dial" in a.answer.verbs]
    given = dials[-1].answer.time_limit_s if dials and dials[-1].answer else None
    limit = given or DEFAULT_S
    if abs(child.duration_s - limit) > WITHIN_S:
        return
    yield Finding(
        slug="twilio_limit",
        says=f"The AI leg lasted {child.duration_s} s, which is "
        + (f"the timeLimit of our <Dial> ({limit} s)." if given else f"<Dial>'s own limit of {limit} s."),
        certainty="shown" if dials else "consistent",
        evidence=positions(child.answered, dials[-1].answered if dials else None, child.ended),
        start=child.answered.at.at if child.answered else None,
        end=ending.moment,
        missing=() if dials else ("the TwiML that dialled",),
    )
