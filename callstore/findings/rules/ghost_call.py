"""The session was accepted after the caller had gone, and ran for nobody (P17)."""

from collections.abc import Iterator

from callstore.domain.facts.spans import total
from callstore.domain.facts.vocabulary import FinalStatus
from callstore.findings.rule import Case, Finding, positions

# Twilio's whole seconds against our clock: closer than this the two are one moment.
CLOCKS_S = 1.0
UNANSWERED: frozenset[FinalStatus] = frozenset({"canceled", "no-answer", "busy", "failed"})


def find(case: Case) -> Iterator[Finding]:
    parent, session = case.call.parent, case.call.session
    if parent is None or parent.ended is None or session is None:
        return
    accepts = [a.seen for a in session.api_calls if a.action == "accept" and (a.status or 200) < 300]
    began = min([*accepts, *([session.first] if session.first else [])], key=lambda s: s.at.at, default=None)
    if began is None or began.at.at <= parent.ended.at.latest + CLOCKS_S:
        return
    if any(t.started for t in session.turns.values()) or total(case.hearing.caller):
        return
    sure = parent.status in UNANSWERED or case.hearing.recorded
    yield Finding(
        slug="ghost_call",
        says="The session was accepted after the caller's leg had ended, and heard nobody.",
        certainty="shown" if sure else "consistent",
        evidence=positions(parent.ended, began, session.last),
        start=parent.ended.at.at,
        end=case.ending.moment,
        missing=() if sure else ("a recording of both channels",),
    )
