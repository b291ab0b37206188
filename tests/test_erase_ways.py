"""An erased call on its ways in and out: what waits in the spool, and what is exported."""

from io import StringIO

import pytest
from django.core.management import call_command

from callstore.eventlog.writing import homes
from callstore.projection import projector
from ingest.spool import spool as spools
from ingest.spool.spool import spool
from tests.eventlog.conftest import empty_log  # noqa: F401 -- a fixture
from tests.eventlog.tampering import sql
from tests.ingest import deliveries as given
from tests.ingest.spool.draining import drained
from tests.test_erase import STORY, call, erase, leaks, leg, personal, traces  # noqa: F401 -- call is a fixture

NUMBER = "12025550143"


@pytest.fixture
def folder(settings, tmp_path):
    given.configured(settings)
    settings.SPOOL_DIR = str(tmp_path / "spool")
    spools.forget()
    yield tmp_path / "spool"
    spools.forget()


def test_what_waited_in_the_spool_while_its_call_was_erased_is_kept_without_its_numbers(call, folder):  # noqa: F811
    spool().put([given.progress(CallSid="CA" + leg(), SequenceNumber="77", From=f"+{NUMBER}")])
    assert all(NUMBER.encode() not in path.read_bytes() for path in folder.iterdir())
    erase(call)
    homes._homes.clear()
    before = sql("SELECT count(*) FROM log.event")[0][0]
    drained()
    projector.project(traces(), replay=True)
    assert sql("SELECT count(*) FROM log.event") == [(before + 1,)]
    assert leaks(personal(STORY) | {NUMBER}) == set()


def test_no_export_tells_of_an_erased_call_what_was_personal(call):  # noqa: F811
    told = exported()
    assert call in told and any(value in told for value in personal(STORY))
    erase(call)
    told = exported()
    assert call in told and not [value for value in personal(STORY) if value in told]


def exported() -> str:
    """What both formats of the export say of every call."""
    out = StringIO()
    for kind in ("csv", "jsonl"):
        call_command("export_incidents", format=kind, stdout=out)
    return out.getvalue()
