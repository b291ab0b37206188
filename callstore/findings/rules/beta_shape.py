"""The application spoke the withdrawn beta protocol, and OpenAI closed with 4000 (P27)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

CODE = 4000
WORD = "beta_api_shape_disabled"


def find(case: Case) -> Iterator[Finding]:
    session, ending = case.call.session, case.ending
    if session is None:
        return
    close = ending.close if ending.close and ending.close.code == CODE else None
    errors = [t.seen for t in session.troubles if WORD in (t.code or "")]
    named = bool(errors) or (close is not None and WORD in (close.reason or ""))
    if not (close or (errors and ending.close)):
        return
    yield Finding(
        slug="beta_shape",
        says="OpenAI closed the session: the application asked for the beta protocol, which is switched off.",
        certainty="shown" if named else "consistent",
        evidence=positions(*errors, ending.close.seen if ending.close else None),
        start=errors[0].at.at if errors else (close.seen.at.at if close else None),
        end=ending.moment,
        missing=() if named else ("the reason in the close frame",),
    )
