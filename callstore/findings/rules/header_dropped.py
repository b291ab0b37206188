"""Twilio dropped a SIP header (32113 and kin): a defect of correlation. It cannot end a call."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

# twilio.com/docs/api/errors/32113, /32111, /32112, /13252: the header is left out and the call goes on.
CODES = {"32111", "32112", "32113", "13252"}


def find(case: Case) -> Iterator[Finding]:
    dropped = [w for w in case.call.warnings if w.code in CODES]
    if not dropped:
        return
    codes = ", ".join(sorted({w.code for w in dropped}))
    yield Finding(
        slug="header_dropped",
        says=f"Twilio left out a SIP header ({codes}); the call went on without that link.",
        certainty="shown",
        evidence=positions(*(w.seen for w in dropped)),
        start=dropped[0].seen.at.at,
        end=dropped[-1].seen.at.latest,
    )
