"""The columns of the incident export."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from callstore.report.document import stable_fields
from dashboard.export.incident import ADDED, COLUMNS, FIRST, SECOND, SPECIAL, STABLE, About, reader
from tests.dashboard.told import told

ABOUT = About("is:truncated", datetime(2026, 4, 13, tzinfo=UTC), id=UUID(int=7))
ALL = (*FIRST, *ADDED)
HEAD = ("schema", "export_id", "exported_at_utc", "query", "redaction_profile", "permalink")


def test_a_column_is_of_the_export_is_made_here_or_is_a_stable_field():
    known = [*HEAD, *SPECIAL, *(name for name in STABLE if name in ALL and name not in SPECIAL)]
    assert sorted(known) == sorted(ALL)


def test_languages_and_lag_are_in_the_second_schema_and_the_first_stays_as_it_was():
    call = {"call_id": "0", "languages": ["de-DE", "ja"], "ingest_lag_p95_ms": 840}
    second = dict(zip(ABOUT.columns, reader(ABOUT)(call), strict=True))
    assert [second[name] for name in SECOND] == [["de-DE", "ja"], 840]
    first = replace(ABOUT, schema="incident_csv/1")
    row = dict(zip(first.columns, reader(first)(call), strict=True))
    assert [row[name] for name in SECOND] == [None, None]


def test_a_call_of_no_known_language_has_an_empty_cell():
    row = dict(zip(ABOUT.columns, reader(ABOUT)({"call_id": "0", "languages": []}), strict=True))
    assert row["language"] is None


def test_the_current_schema_has_every_stable_field_and_begins_as_the_one_before():
    assert COLUMNS["incident_csv/1"] == FIRST and COLUMNS["incident_csv/2"] == ALL
    masked = {"from", "to", "dtmf", "incidents"}  # each in a column of another name
    assert set(stable_fields()) - set(STABLE[c] for c in ALL if c in STABLE) == masked


def test_a_time_says_that_it_is_utc():
    times = {name for name, field in stable_fields().items() if field.unit == "UTC"}
    assert {STABLE[column] for column in ALL if column in STABLE and column.endswith("_utc")} == times


def test_a_column_holds_the_field_of_its_meaning():
    call = {"call_id": str(UUID(int=1)), **told("founding_call")}
    row = dict(zip(ABOUT.columns, reader(ABOUT)(call), strict=True))
    assert (row["started_at_utc"], row["first_seq"]) == (call["started_at"], call["first_position"])
    assert (row["app_finish_tool_seen"], row["region"]) == (False, None)
