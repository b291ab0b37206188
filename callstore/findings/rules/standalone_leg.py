"""A leg placed by REST, with nobody bridged to it, ended as soon as the AI had it (P28)."""

from collections.abc import Iterator

from callstore.findings.rule import Case, Finding, positions

# Reports speak of "shortly after accept"; a conversation takes longer.
SOON_S = 10.0


def find(case: Case) -> Iterator[Finding]:
    leg, session, ending = case.ending.leg, case.call.session, case.ending
    if leg is None or leg.direction != "outbound-api" or session is None or not session.accepted:
        return
    if case.call.parent not in (None, leg) or leg.parent or ending.moment is None:
        return
    if ending.finish or ending.hangup or any(t.started for t in session.turns.values()):
        return
    began = leg.answered or session.first
    if began is None or ending.moment - began.at.at > SOON_S:
        return
    yield Finding(
        slug="standalone_leg",
        says="The leg was placed by REST without another party and ended right after the AI took it.",
        certainty="consistent",
        evidence=positions(leg.first, began, leg.ended),
        start=began.at.at,
        end=ending.moment,
        missing=("whether another party was bridged", "who sent the BYE"),
    )
