"""What a key asks for is found among all calls."""

from callstore.projection.models.call import NUMBERS
from callstore.search.keys import KEYS


def test_every_number_that_is_asked_for_is_in_the_index_of_numbers():
    asked = {key.columns[0] for key in KEYS.values() if key.kind in ("number", "duration")}
    assert asked <= set(NUMBERS)
