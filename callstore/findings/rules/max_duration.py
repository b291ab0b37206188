"""The session reached the longest time that OpenAI allows it (P7)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

# expires_at counts whole seconds, and the close comes within a few of them.
NEAR_S = 5.0


def find(case: Case) -> Iterator[Finding]:
    session, ending = case.call.session, case.ending
    if session is None or ending.moment is None or ending.acted:
        return
    close, config = ending.close, session.config
    errors = [t.seen for t in session.troubles if t.code == "session_expired"]
    told = close is not None and (
        close.reason == "expired" or "maximum duration" in (close.reason or "").lower()
    )
    expires = config.expires_at if config else None
    at = close.seen.at.at if close else ending.moment
    timed = expires is not None and abs(at - expires) <= NEAR_S
    if not (told or timed or (errors and at - errors[-1].at.at <= NEAR_S)):
        return
    sure = told or bool(errors)
    yield Finding(
        slug="max_duration",
        says="The AI session reached its maximum duration"
        + (f" ({close.reason})." if close and close.reason and told else "."),
        certainty="shown" if sure else "consistent",
        evidence=positions(session.configured, *errors, close.seen if close else None, ending.end),
        start=at,
        end=ending.moment,
        missing=() if sure else ("the reason of the close",),
    )
