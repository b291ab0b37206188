"""The application referred the call, OpenAI took the order, and nothing came of it (P18)."""

from collections.abc import Iterator

from callstore.domain.analysis.takeover import REFERRED_S
from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    refer, ending = case.ending.refer, case.ending
    if refer is None or ending.moment is None or ending.finish or ending.hangup or ending.took:
        return
    # A log that knows nothing later than this cannot say that no leg came.
    until = case.call.last_received_at or 0.0
    if until < refer.seen.at.at + REFERRED_S:
        return
    took = refer.status is not None and refer.status < 300
    waited = ending.surely_after(refer.seen.at.at + REFERRED_S)
    yield Finding(
        slug="refer_lost",
        says=f"The application referred the call (answered with {refer.status}), and no new leg came of it"
        + (" while the caller waited." if waited else "."),
        certainty="shown" if took and waited else "consistent",
        evidence=positions(refer.seen, ending.end),
        start=refer.seen.at.at,
        end=ending.moment,
        missing=() if took and waited else ("a SIP trace that shows the REFER",),
    )
