"""Two sockets of ours spoke to one session at the same time (P22)."""

from collections.abc import Iterator
from itertools import combinations

from callstore.domain.facts.clock import Clock
from callstore.findings.rule import Case, Finding, positions

WORD = "conversation_already_has_active_response"


def find(case: Case) -> Iterator[Finding]:
    session = case.call.session
    if session is None:
        return
    # A socket that only listens disturbs nobody.
    spoke = sorted(
        (c.sends[0].at.at, c.sends[-1].at.at, c.id) for c in session.connections.values() if c.sends
    )
    both = [(a[2], b[2]) for a, b in combinations(spoke, 2) if b[0] <= a[1]]
    clashes = [t.seen for t in session.troubles if t.code == WORD]
    # What our own clock stamped came by a socket of our observer, which never speaks.
    theirs = [c for c in session.connections.values() if not (c.first and c.first.at.clock is Clock.RECEIVER)]
    if not both and not (clashes and len(theirs) > 1):
        return
    named = {id_ for pair in both for id_ in pair}
    sends = [c.sends[0] for c in session.connections.values() if c.id in named]
    seen = sorted([*sends, *clashes], key=lambda s: (s.at.at, s.position))
    yield Finding(
        slug="double_observer",
        says="Two sockets of the application spoke to the session at the same time.",
        certainty="shown" if both else "consistent",
        evidence=positions(*seen),
        start=seen[0].at.at,
        end=seen[-1].at.at,
        missing=() if both else ("the client events that each socket sent",),
    )
