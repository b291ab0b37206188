"""What is kept of a document for files of many calls: they say the same as from the whole of it."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from django.conf import settings
from django.core.management import call_command

from callstore.eventlog.writing.append import append
from callstore.projection import projector, queries
from callstore.projection.slices import slices
from callstore.rehearsal.scenarios.rebase import rebased
from callstore.rehearsal.scenarios.scenario import drafts, load
from dashboard.calls.columns import EVERY
from dashboard.calls.visible_columns import of_list
from dashboard.export.files import csv_pieces, json_pieces
from dashboard.export.incident import SCHEMAS, About
from tests.dashboard.documents import RECORDING, put_call
from tests.projection.facts import keep, sid, sql, status, traces_of

pytestmark = pytest.mark.django_db

SCENARIOS = sorted((Path(settings.BASE_DIR) / "tests/scenarios").glob("*/scenario.json"))
LISTED = of_list(",".join(column.name for column in EVERY))
AT = datetime(2026, 4, 13, tzinfo=UTC)
# What a part says that a column speaks of, among what it does not.
PARTS = {
    "cause": "silent_session_loss",
    "flow": [{"kind": "dial", "dial_status": "busy"}, {"kind": "dial", "dial_status": "completed"},
             {"kind": "gather"}],
    "recordings": [{"recording": RECORDING}, {"recording": "RE" + "4" * 32}],
    "notes": [{"text": "The first."}, {"text": "The last."}, {"text": None}],
    "findings": [{"slug": "gap", "says": "no"}, {"slug": "silent_session_loss", "says": "It fell silent."},
                 {"slug": "silent_session_loss", "says": "Twice."}],
    "evidence_for": [],
    "languages": ["de-DE", "ja"],
    "ingest_lag_p95_ms": 4321,
    "turns": [{"text": "Hello? \0"}],
}  # fmt: skip


def files(*, outlines):
    """Every file that there is of all calls, by schema and format."""
    about = {
        schema: About("", AT, schema, UUID(int=7), LISTED if schema == "columns" else ())
        for schema in SCHEMAS
    }
    return {
        (schema, written.__name__): "".join(written(slices(outlines=outlines), about[schema]))
        for schema in SCHEMAS
        for written in (csv_pieces, json_pieces)
    }


@pytest.fixture
def told(settings):
    """The recorded calls, one with what no recorded one has, and one of which nothing is known."""
    settings.PUBLIC_BASE_URL = "https://calls.example"
    for path in SCENARIOS:
        given = drafts(rebased(load(path.parent), 0))
        append(given)
        projector.project(traces_of(draft.subject for draft in given))
    put_call(**PARTS)
    put_call()


def test_files_from_outlines_are_byte_for_byte_those_from_whole_documents(told):
    [(kept,)] = sql("SELECT count(*) FROM call WHERE outline_version = version")
    assert kept >= len(SCENARIOS) + 2
    written = files(outlines=True)
    assert written == files(outlines=False)
    last = written["incident_csv/2", "csv_pieces"]
    assert all(text in last for text in ("The last.", "It fell silent.", RECORDING, "de-DE; ja", "4321"))


def test_a_call_that_has_no_outline_or_another_versions_is_read_from_its_document(told):
    before = files(outlines=True)
    sql("UPDATE call SET outline = NULL, outline_version = NULL")
    assert files(outlines=True) == before
    stale = '{"call_id": "", "verdict": "of a process that knew of no outline"}'
    sql("UPDATE call SET outline = %s, outline_version = version - 1", stale)
    assert files(outlines=True) == before


def test_an_outline_has_no_more_of_a_document_than_files_read(told):
    call_id = put_call(**PARTS, legs=[{"sid": "CA" + "5" * 32}])
    [(text,)] = sql("SELECT outline FROM call WHERE call_id = %s", call_id)
    kept = orjson.loads(text)
    assert {"turns", "legs"} <= queries.find(str(call_id)).keys() and not {"turns", "legs"} & kept.keys()
    assert kept["flow"] == [{"kind": "dial", "dial_status": "completed"}]
    assert kept["evidence_for"] == [] and "region" not in kept
    sizes = sql("SELECT sum(length(outline)), sum(length(document::text)) FROM call WHERE event_count > 20")
    assert sizes[0][0] * 4 < sizes[0][1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scope", [(), ("--since", "2000-01-01")], ids=["all", "in place"])
def test_a_rebuild_gives_outlines_to_rows_that_have_none(scope):
    sql("DELETE FROM log.head")
    projector.project(keep(status(sid(), "completed")))
    lacking = "SELECT count(*) FROM call WHERE outline_version IS DISTINCT FROM version"
    sql("UPDATE call SET outline = NULL, outline_version = NULL")
    call_command("rebuild", *scope)
    assert sql(lacking) == [(0,)] and sql("SELECT count(*) > 0 FROM call") == [(True,)]
