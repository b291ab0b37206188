"""The accept found no call although its webhook was fresh: another region's API was asked (P26)."""

from collections.abc import Iterator

from callstore.domain.analysis.answering import accepts_not_found
from callstore.findings.rule import Case, Finding, positions


def find(case: Case) -> Iterator[Finding]:
    call, session = case.call, case.call.session
    lost = accepts_not_found(call)
    if session is None or session.offered is None or not lost:
        return
    yield Finding(
        slug="region_mismatch",
        says="Our accept got 404 right after the webhook: the API that was asked does not know the call.",
        certainty="consistent",
        evidence=positions(session.offered, *lost, call.child.ended if call.child else None),
        start=session.offered.at.at,
        end=lost[-1].at.at,
        missing=("the same on other calls of that hour",),
    )
