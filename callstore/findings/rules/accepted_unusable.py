"""OpenAI accepted the accept and then had no such session: its body was not usable (P16)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    child, session, ending = case.call.child, case.call.session, case.ending
    if session is None or session.frames or child is None or child.ended is None or child.was_answered:
        return
    accepts = [a.seen for a in session.api_calls if a.action == "accept" and a.status and a.status < 300]
    if not accepts or ending.caller_left:
        return
    missed = [c.opened for c in session.connections.values() if c.opened and c.http_status == 404]
    code = f" with SIP {child.sip_code}" if child.sip_code else ""
    yield Finding(
        slug="accepted_unusable",
        says=f"The accept was answered with success, but the AI leg ended as {child.status}{code}"
        + (" and no session was there to attach to." if missed else "."),
        certainty="shown" if missed else "consistent",
        evidence=positions(*accepts, *missed, child.ended),
        start=accepts[0].at.at,
        end=child.ended.at.latest,
        missing=() if missed else ("an attempt to attach to the session",),
    )
