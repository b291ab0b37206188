"""The AI's endpoint refused or never answered, and our application was not asked, or too late (P15)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    child, session, ending = case.call.child, case.call.session, case.ending
    if child is None or child.ended is None or child.was_answered or ending.caller_left:
        return
    late = bool(session and session.offered and child.ended.at.surely_before(session.offered.at))
    if session and (session.frames or (session.offered and not late)):
        return
    code = f" with SIP {child.sip_code}" if child.sip_code else ""
    yield Finding(
        slug="never_reached_app",
        says=f"The AI leg ended as {child.status}{code}; "
        + (
            "the incoming-call webhook was only made after that."
            if late
            else "no incoming-call webhook came."
        ),
        certainty="shown" if (child.sip_code or 0) >= 400 else "consistent",
        evidence=positions(child.first, child.ended, ending.dial.asked if ending.dial else None),
        start=child.first.at.at if child.first else child.ended.at.at,
        end=child.ended.at.latest,
        missing=() if child.sip_code else ("the SIP response code",),
    )
