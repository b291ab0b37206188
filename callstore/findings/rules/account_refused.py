"""OpenAI refused to go on for the account's sake: quota, key, billing (P8)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

# platform.openai.com/docs/guides/error-codes; all of them end a Realtime session.
CODES = frozenset(
    {"insufficient_quota", "invalid_api_key", "account_deactivated", "billing_hard_limit_reached"}
)


def find(case: Case) -> Iterator[Finding]:
    session, ending = case.call.session, case.ending
    refused = [t for t in session.troubles if {t.code, t.type} & CODES] if session else []
    if session is None or not refused or ending.acted or ending.sockets.lived_on:
        return
    first = refused[0].seen
    # A reply that was completed afterwards shows that the refusal was not the last word.
    if any(
        r.status == "completed" and r.finished and r.finished.at.at > first.at.at
        for r in session.replies.values()
    ):
        return
    close = ending.close.seen if ending.close else None
    code = refused[0].code if refused[0].code in CODES else refused[0].type
    yield Finding(
        slug="account_refused",
        says=f"OpenAI refused with {code}" + (" and closed the session." if close else "."),
        certainty="shown" if close else "consistent",
        evidence=positions(*(t.seen for t in refused), close, ending.end),
        start=first.at.at,
        end=ending.moment,
        missing=() if close else ("a close of the AI session",),
    )
