"""A call in, the finding of one rule out."""

import pytest

from callstore.domain.call.fold import fold
from callstore.findings.rule import Finding, case, findings
from callstore.verdict.evidence import Evidence
from callstore.verdict.evidence_table import evidence_table
from callstore.verdict.verdict import judge
from tests.builders import at, clock


@pytest.fixture
def find():
    """The finding with this slug, or None."""
    return lambda slug, story: findings(case(fold(story.records))).get(slug)


@pytest.fixture
def verdict():
    def judged(story):
        of = case(fold(story.records))
        return judge(of, findings(of))

    return judged


@pytest.fixture
def check():
    """The row of the evidence table with this name, or None."""

    def asked(name, story):
        of = case(fold(story.records))
        return next((row for row in evidence_table(of, findings(of)) if row.name == name), None)

    return asked


def rests_on(story, claim: Finding | Evidence) -> list[str]:
    """The facts that a finding or a check points at, in its order: `leg.status 00:18:52`."""
    facts = {r.position: f"{r.event.TYPE} {_clock(r.occurred.at)}" for r in story.records}
    given = claim.evidence if isinstance(claim, Finding) else [s.position for s in claim.seen if s]
    return [facts[position] for position in given]


def interval(claim: Finding | Evidence) -> tuple[str | None, str | None]:
    """From when to when it is, by the clock of the story's day."""
    return _clock(claim.start), _clock(claim.end)


def _clock(moment: float | None) -> str | None:
    return None if moment is None else clock(moment - at("00:00:00")).removesuffix(".000")
