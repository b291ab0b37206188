"""The leg lasted exactly as long as Twilio's limit for it (P19)."""

from collections.abc import Iterator

from callstore.domain.analysis.takeover import dialled_with
from callstore.findings.rule import Case, Finding, positions

# <Dial> ends a call after four hours unless its timeLimit says less (twilio.com/docs/voice/twiml/dial).
DEFAULT_S = 14_400
# Twilio counts whole seconds at both ends.
WITHIN_S = 1


def find(case: Case) -> Iterator[Finding]:
    child, ending = case.call.child, case.ending
    if child is None or child.duration_s is None or ending.acted or child.disconnected_by == "callee":
        return
    dialled = dialled_with(case.call)
    given = dialled.answer.time_limit_s if dialled and dialled.answer else None
    limit = given or DEFAULT_S
    if abs(child.duration_s - limit) > WITHIN_S:
        return
    yield Finding(
        slug="twilio_limit",
        says=f"The AI leg lasted {child.duration_s} s, which is "
        + (f"the timeLimit of our <Dial> ({limit} s)." if given else f"<Dial>'s own limit of {limit} s."),
        certainty="shown" if dialled else "consistent",
        evidence=positions(child.answered, dialled.answered if dialled else None, child.ended),
        start=child.answered.at.at if child.answered else None,
        end=ending.moment,
        missing=() if dialled else ("the TwiML that dialled",),
    )
