"""The web process as it is run, for recipes to send to."""

import pytest

from callstore.eventlog.reading import bulk, read
from tests.integrations.recipe import copied
from tests.served import INGEST_TOKEN, served


@pytest.fixture(scope="module")
def instance(django_db_setup, django_db_blocker, tmp_path_factory):
    """A real instance on the tests' own database."""
    with django_db_blocker.unblock(), served(tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture
def callstore(instance):
    """A client of it, closed at the end."""
    client = copied("callstore_client").Callstore(f"http://127.0.0.1:{instance.port}", INGEST_TOKEN)
    yield client
    assert client.close()
    assert client.dropped == 0


@pytest.fixture
def kept(transactional_db):
    """What the log has of a subject."""

    def records(subject):
        trace = read.trace_of(subject)
        found = bulk.by_trace([trace] if trace else []).values()
        return [record for each in found for record in each if record.subject == subject]

    return records
