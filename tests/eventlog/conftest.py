import pytest

from callstore.eventlog.writing import homes
from tests.eventlog import tampering
from tests.eventlog.old_months import legs, old_log  # noqa: F401 -- fixtures


@pytest.fixture
def empty_log(transactional_db):
    """A log that holds nothing but what this test appends and commits."""
    tampering.empty()
    homes._homes.clear()
    yield
    tampering.empty()
    homes._homes.clear()
