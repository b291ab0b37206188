import pytest

from callstore.eventlog import stream
from tests.eventlog import tampering


@pytest.fixture
def empty_log(transactional_db):
    """A log that holds nothing but what this test appends and commits."""
    tampering.empty()
    stream._homes.clear()
    yield
    tampering.empty()
    stream._homes.clear()
