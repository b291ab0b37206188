"""For which verdicts an answer may speak, and what a check says of one."""

import pytest

from callstore.domain.facts.vocabulary import LEADS_TO
from callstore.verdict.evidence import AI, CALLER, LIMIT, NOTHING, OURS, REFUSED, USELESS, Evidence, stance
from callstore.verdict.verdict import ORDER


def test_each_verdict_that_a_cause_leads_to_is_of_one_side():
    sides = (OURS, AI, CALLER, REFUSED, LIMIT)
    assert sorted(verdict for side in sides for verdict in side) == sorted(
        {LEADS_TO[cause] for cause, _ in ORDER}
    )


def test_each_side_has_its_verdicts():
    assert {"natural_end", "app_ended", "false_finish", "flow_ended"} == OURS
    assert {"ai_silent_first", "ai_closed_first", "ai_deaf", "ai_mute"} == AI
    assert {"ai_deaf", "ai_mute"} == USELESS
    assert ({"caller_hung_up"}, {"never_connected"}, {"limit_reached"}) == (CALLER, REFUSED, LIMIT)


@pytest.mark.parametrize(
    ("speaks_for", "verdict", "says"),
    [
        (AI, "ai_deaf", "supports"),
        (CALLER, "ai_deaf", "contradicts"),
        (NOTHING, "ai_deaf", "not_applicable"),
        (AI, "live", "not_applicable"),
        (AI, "inconclusive", "not_applicable"),
        (None, "inconclusive", "missing"),
    ],
)
def test_a_check_says_of_a_verdict(speaks_for, verdict, says):
    assert stance(Evidence("name", "finding", speaks_for), verdict) == says
