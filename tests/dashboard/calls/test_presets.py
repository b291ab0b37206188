"""The quick filters above the list."""

import pytest

from callstore.people.seeds import SEEDS
from dashboard.calls.list_url import Address
from dashboard.calls.presets import FILTERS, ICONS, presets
from dashboard.calls.query import Query


def test_a_quick_filter_asks_what_the_seeded_view_of_its_name_asks():
    asked = {seed.name: seed.q for seed in SEEDS if not seed.since}
    quick = {name: q for name, q, _ in FILTERS if q}
    assert quick.items() <= asked.items() and len(quick) == len(ICONS)


@pytest.mark.parametrize("q", [q for _, q, _ in FILTERS])
def test_the_filter_that_a_list_shows_is_the_active_one(q):
    found = presets(Address(q=q), Query.read(q))
    assert [each.query for each in found if each.active] == [q]
