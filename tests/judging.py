"""A call in, the finding of one rule out."""

import pytest

from callstore.domain.call.fold import fold
from callstore.findings.rule import case, findings
from callstore.verdict.verdict import judge


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
