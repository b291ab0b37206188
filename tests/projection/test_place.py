"""A call's neighbours are those of the list it stands in."""

import pytest

from callstore.projection import queries
from callstore.projection.place import Beside, beside
from callstore.search.compile import where
from tests.dashboard.calls.listed import START, put
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db


GAP = "untranscribed_caller_speech_s"


@pytest.mark.parametrize("sort", ["-started_at", "started_at", GAP, f"-{GAP}", "verdict"])
def test_the_calls_beside_each_follow_as_the_pages_do(sort):
    for minutes, gap in enumerate((None, 3.0, 3.0, None, 0.5, 11.1)):
        put(minutes, untranscribed_caller_speech_s=gap, flags=["truncated"])
        put(minutes, untranscribed_caller_speech_s=gap)
    put_call(flags=["truncated"])  # of which nothing is known
    condition = where("is:truncated", START)
    order = [each["call_id"] for each in queries.page(condition, sort).items]
    assert len(order) == 7
    for before, call_id, after in zip([None, *order], order, [*order[1:], None], strict=False):
        assert beside(condition, sort, call_id) == Beside(before, after)


def test_a_call_that_left_the_filter_still_has_its_place():
    first, last = put(0, flags=["truncated"]), put(2, flags=["truncated"])
    between = put(1)
    found = beside(where("is:truncated", START), "-started_at", str(between))
    assert found == Beside(str(last), str(first))


def test_an_order_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="cannot be sorted"):
        beside(queries.EVERY, "document", str(put()))
