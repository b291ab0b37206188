"""Each test of the observer has a log of its own: calls of another one would be found, and watched."""

import pytest

from callstore.eventlog.writing import homes
from tests.eventlog import tampering


@pytest.fixture(autouse=True)
def empty_log(transactional_db: None) -> None:
    tampering.empty()
    homes._homes.clear()
