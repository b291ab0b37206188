"""Our own REST call, TwiML or transfer took the leg away from the AI."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

HOW = {
    "rest": "Our account changed the leg by REST right before it ended.",
    "twiml": "Twilio was given new TwiML in the middle of the <Dial>, which ends it.",
    "leg": "The caller's leg dialled another in the middle of the <Dial>, which ends it.",
    "ended": "The caller's leg was ended from our side in the middle of the <Dial>, by no TwiML of ours.",
    "conference": "Our account took a leg out of the conference, or the AI left it to somebody else.",
    "stream": "The application ended the media stream, and the call went on without the AI.",
    "refer": "The application referred the call, and a new leg or request came of it.",
}


def find(case: Case) -> Iterator[Finding]:
    took, ending = case.ending.took, case.ending
    if took is None or ending.finish or ending.hangup:
        return
    yield Finding(
        slug="flow_redirect",
        says=HOW[took.how],
        certainty="shown" if took.shown else "consistent",
        evidence=positions(*took.seen),
        start=took.seen[0].at.at,
        end=ending.moment,
        missing=() if took.shown else ("Event Streams api-request.call.modified",),
    )
