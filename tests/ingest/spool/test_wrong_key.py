"""A LOG_KEY that opens nothing of the log: nothing is written under it that the right one could not open."""

import base64

import pytest

from callstore.eventlog.crypto import key_check, keys
from ingest.doors.receive import receive
from ingest.spool import spool as spools
from ingest.spool.spool import spool
from tests.ingest import deliveries as given

pytestmark = pytest.mark.django_db

OTHER = base64.b64encode(b"o" * 32).decode()


@pytest.fixture(autouse=True)
def waiting(settings, tmp_path):
    """A log that holds something, a delivery that waits before it, and from then on another key."""
    given.configured(settings)
    settings.SPOOL_DIR = str(tmp_path / "spool")
    spools.forget()
    assert receive(given.signed(given.progress(SequenceNumber="1"))).status == 204
    spool().put([given.progress(SequenceNumber="2")])
    settings.LOG_KEYS = [OTHER]
    keys.unwrap.cache_clear()
    key_check.forget()
    yield
    key_check.forget()


def test_once_it_is_known_nothing_more_is_spooled_behind_what_waits(settings):
    assert key_check.fault()  # as each start and /readyz ask
    size = spool().size()
    answer = receive(given.signed(given.progress(SequenceNumber="3")))
    assert answer.status == 503 and dict(answer.headers)["Retry-After"]
    assert spool().size() == size


def test_while_nobody_can_know_it_is_taken():
    assert receive(given.signed(given.progress(SequenceNumber="3"))).status == 204


def test_another_key_is_looked_at_anew(settings):
    assert key_check.fault() and key_check.was_refused()
    settings.LOG_KEYS = [base64.b64encode(b"n" * 32).decode()]
    assert not key_check.was_refused()
