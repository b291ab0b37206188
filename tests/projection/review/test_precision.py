"""How often people agree with verdicts, on the calls of one installation."""

import pytest

from callstore.people.review import Change
from callstore.projection.review import decisions
from callstore.projection.review.precision import Precision, precision, precision_of
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db


def test_precision_is_the_share_of_votes_that_agree_with_its_denominator():
    deaf = [str(put_call(verdict="ai_deaf")) for _ in range(3)]
    other = str(put_call(verdict="natural_end"))
    for call, by, vote in (
        (deaf[0], "ada", "agrees"), (deaf[0], "bo", "agrees"), (deaf[1], "ada", "disagrees"),
        (other, "ada", "agrees"), (other, "ada", "withdrawn"),
    ):  # fmt: skip
        decisions.decide(call, Change(vote=vote), by)
    assert precision() == [Precision("ai_deaf", agreed=2, voted=3, calls=2)]
    assert precision_of("ai_deaf").share == pytest.approx(2 / 3)
    assert precision_of("natural_end").share is None
    assert precision(("call_id = %s", [deaf[1]])) == [Precision("ai_deaf", 0, 1, 1)]
