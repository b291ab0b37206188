"""A call in, the finding of one rule out."""

import pytest

from callstore.domain.call.fold import fold
from callstore.findings.rule import case, findings
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


def rests_on(story, finding) -> list[str]:
    """The facts that are a finding's or a check's evidence, in its order: `leg.status 00:18:52`."""
    facts = {r.position: f"{r.event.TYPE} {_clock(r.occurred.at)}" for r in story.records}
    return [facts[position] for position in finding.evidence]


def interval(finding) -> tuple[str | None, str | None]:
    """From when to when it is, by the clock of the story's day."""
    return _clock(finding.start), _clock(finding.end)


def _clock(moment: float | None) -> str | None:
    return None if moment is None else clock(moment - at("00:00:00")).removesuffix(".000")
