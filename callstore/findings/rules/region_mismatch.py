"""The accept found no call although its webhook was fresh: another region's API was asked (P26)."""

from collections.abc import Iterator

from callstore.domain.facts.vocabulary import TERMINAL
from callstore.findings.rule import Case, Finding, positions

# A call that waits longer may have been given up at OpenAI's end, which is a 404 as well.
FRESH_S = 5.0


def find(case: Case) -> Iterator[Finding]:
    call, session = case.call, case.call.session
    if session is None or session.offered is None or session.accepted:
        return
    offered = session.offered.at
    lost = [a.seen for a in session.api_calls if a.action == "accept" and a.status == 404]
    lost = [s for s in lost if s.at.at - offered.latest <= FRESH_S]
    # Who gave up first leaves nothing to accept.
    ended = [leg.ended for leg in (call.parent, call.child) if leg and leg.ended and leg.status in TERMINAL]
    if not lost or any(not lost[0].at.surely_before(e.at) for e in ended):
        return
    yield Finding(
        slug="region_mismatch",
        says="Our accept got 404 right after the webhook: the API that was asked does not know the call.",
        certainty="consistent",
        evidence=positions(session.offered, *lost, call.child.ended if call.child else None),
        start=offered.at,
        end=lost[-1].at.at,
        missing=("the same on other calls of that hour",),
    )
