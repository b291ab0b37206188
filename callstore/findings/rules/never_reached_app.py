"""The AI's endpoint refused or never answered, and our application was not asked, or too late (P15)."""

from collections.abc import Iterator

from callstore.domain.analysis.answering import was_asked
from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    child, session, ending = case.call.child, case.call.session, case.ending
    if child is None or child.ended is None or child.was_answered or ending.caller_left:
        return
    if was_asked(case.call):
        return
    offered = session.offered if session else None
    code = f" with SIP {child.sip_code}" if child.sip_code else ""
    webhook = "no incoming-call webhook came."
    if offered:
        made = child.ended.at.surely_before(offered.at)
        webhook = f"the incoming-call webhook {'was only made' if made else 'only came'} after that."
    yield Finding(
        slug="never_reached_app",
        says=f"The AI leg ended as {child.status}{code}; {webhook}",
        certainty="shown" if (child.sip_code or 0) >= 400 else "consistent",
        evidence=positions(child.first, child.ended, ending.dial.asked if ending.dial else None, offered),
        start=child.first.at.at if child.first else child.ended.at.at,
        end=child.ended.at.latest,
        missing=() if child.sip_code else ("the SIP response code",),
    )
