"""The incident export, by HTTP and by command."""

import csv
import io
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from callstore.people.review import Change
from callstore.projection import slices
from callstore.projection.review import decisions
from dashboard.api.routes import export
from dashboard.export.files import csv_pieces, json_pieces
from dashboard.export.incident import COLUMNS, FIRST, About, redacted
from tests.dashboard.costly import costly
from tests.dashboard.documents import CHILD, PARENT, RECORDING, put_call

pytestmark = pytest.mark.django_db

CALL = {
    "parent_call_sid": PARENT,
    "child_call_sid": CHILD,
    "from": "+81355501123",
    "to": "sip:agent@example.invalid",
    "dtmf": "1",
    "child_status": "completed",
    "child_duration_s": 29,
    "sip_response_code": 200,
    "started_at": "2026-04-13T00:17:52.000Z",
    "ai_close_observed": False,
    "finish_tool_seen": False,
    "caller_speech_end_to_child_end_s": -0.3,
    "last_caller_transcript": '=HYPERLINK("x")\r\nnext, "line"',
    "evidence_for": ["silence: 12.6 s", "gap: 11.1 s"],
    "warning_codes": ["32113"],
    "flags": ["truncated", "suspicious"],
    "cause": "silent_session_loss",
    "truncation_basis": "recording",
    "ai_close_code": 1006,
    "longest_gap_start_s": 48.93,
    "first_position": 7,
    "flow": [{"kind": "dial", "dial_status": "completed"}],
    "recordings": [{"recording": RECORDING}],
    "ai_model": "gpt-realtime",
}


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


NOW = COLUMNS["incident_csv/2"]


def fetched(api, kind, q="", **asked):
    response = api.get(f"/api/v1/incidents.{kind}", {"q": q, **asked})
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response.streaming_content).decode()


def test_the_csv_has_every_column_of_the_schema_in_order(api, settings):
    settings.PUBLIC_BASE_URL = "https://calls.example"
    call_id = put_call(**CALL)
    text = fetched(api, "csv", "is:truncated")
    assert text.splitlines()[0] == ",".join(NOW)
    assert text.endswith("\r\n")
    (row,) = rows(text)
    expected = {
        "schema": "incident_csv/2",
        "query": "is:truncated",
        "call_id": str(call_id),
        "permalink": f"https://calls.example/calls/{call_id}?t=48.9",
        "from_redacted": "'+8135*****23",
        "to_redacted": "sip:***",
        "dtmf_redacted": "1",
        "started_at_utc": "2026-04-13T00:17:52.000Z",
        "child_duration_s": "29",
        "caller_speech_end_to_child_end_s": "-0.3",
        "ai_close_observed": "false",
        "app_finish_tool_seen": "false",
        "app_hangup_seen": "",
        "last_caller_transcript": """'=HYPERLINK("x") next, "line\"""",
        "evidence_for": "silence: 12.6 s; gap: 11.1 s",
        "warning_codes": "32113",
        "action_result": "completed",
        "recording_sid": RECORDING,
        "ai_model": "gpt-realtime",
        "first_seq": "7",
        "region": "",
        "flags": "truncated; suspicious",
        "cause": "silent_session_loss",
        "truncation_basis": "recording",
        "ai_close_code": "1006",
    }
    assert {name: row[name] for name in expected} == expected


def test_the_first_schema_is_still_to_be_had(api, settings):
    settings.PUBLIC_BASE_URL = "https://calls.example"
    call_id = put_call(**CALL)
    text = fetched(api, "csv", schema="incident_csv/1")
    assert text.splitlines()[0] == ",".join(FIRST)
    (row,) = rows(text)
    assert row["schema"] == "incident_csv/1"
    assert row["permalink"] == f"https://calls.example/calls/{call_id}"
    assert api.get("/api/v1/incidents.csv", {"schema": "incident_csv/9"}).status_code == 422


def test_a_byte_order_mark_stands_before_a_csv_that_asks_for_one_alone(api):
    put_call(last_caller_transcript="予約を変えたい")
    plain, marked = fetched(api, "csv"), fetched(api, "csv", bom="true")
    assert plain.startswith("schema,")
    assert marked.startswith("\ufeffschema,")
    assert "予約を変えたい" in marked


def test_json_lines_carry_the_same_fields_unescaped(api):
    put_call(**CALL)
    (line,) = fetched(api, "jsonl").splitlines()
    row = json.loads(line)
    assert tuple(row) == NOW
    assert row["from_redacted"] == "+8135*****23"
    assert row["last_caller_transcript"] == CALL["last_caller_transcript"]
    assert row["ai_close_observed"] is False and row["app_hangup_seen"] is None
    assert row["evidence_for"] == CALL["evidence_for"]


def test_the_export_holds_what_the_query_finds(api):
    put_call(child_status="busy")
    put_call(child_status="completed")
    assert [row["child_status"] for row in rows(fetched(api, "csv", "status:busy"))] == ["busy"]
    assert len({row["export_id"] for row in rows(fetched(api, "csv"))}) == 1


def test_what_people_decided_and_wrote_is_in_every_file(api):
    note = {"at_s": 48.9, "by": "ada", "text": "She asks twice"}
    call = put_call(notes=[{**note, "text": "Earlier"}, note])
    decisions.decide(str(call), Change(state="confirmed", tags=("billing", "vip")), "ada")
    [row] = rows(fetched(api, "csv"))
    wanted = ("confirmed", "ada", "billing; vip", "She asks twice")
    assert tuple(row[name] for name in ("review_state", "reviewer", "tags", "note")) == wanted
    [line] = map(json.loads, fetched(api, "jsonl").splitlines())
    assert (line["review_state"], line["tags"], line["note"]) == ("confirmed", ["billing", "vip"], wanted[3])


@pytest.mark.django_db(transaction=True)
def test_a_costly_export_goes_on_where_no_statement_may_be_long(api, monkeypatch):
    monkeypatch.setattr(slices, "LOOKED_AT", 2)
    costly(60, 20_000)
    words = " OR ".join(f"*z{n}*y*x" for n in range(10))
    began = time.monotonic()
    api.get("/api/v1/calls", {"q": words})
    third_ms = int((time.monotonic() - began) * 333)
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {third_ms}")
    try:
        assert api.get("/api/v1/calls", {"q": words}).status_code == 422, "as one statement it is too long"
        assert len(rows(fetched(api, "csv", f"-({words})"))) == 61
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")


def test_a_bad_query_exports_nothing_but_its_error(api):
    response = api.get("/api/v1/incidents.csv", {"q": "is:broken"})
    assert response.status_code == 422
    assert response.json()["position"] == 3


@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＠x"])
def test_no_text_can_run_in_a_spreadsheet(api, start):
    put_call(last_caller_transcript=start)
    (row,) = rows(fetched(api, "csv"))
    assert row["last_caller_transcript"].startswith("'")


@pytest.mark.parametrize("start", ["x;=1", "x; =1", 'x;"=1', 'x";"" @1', ";=1", "one; two;-1"])
def test_no_text_can_run_where_cells_are_parted_at_semicolons(api, start):
    put_call(last_caller_transcript=start, languages=["de", "=1"])
    text = fetched(api, "csv")
    for cell in (cell for line in text.splitlines() for cell in line.split(";")[1:]):
        assert not cell.lstrip(' "').startswith(("=", "+", "-", "@")), cell
    assert rows(text)[0]["last_caller_transcript"].replace("'", "") == start


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_row_is_a_line(api, break_):
    put_call(last_agent_transcript=f"one{break_}two")
    text = fetched(api, "csv")
    assert len(text.splitlines()) == 2
    assert rows(text)[0]["last_agent_transcript"] == "one two"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+81355501123", "+8135*****23"),
        ("+12025550143", "+1202*****43"),
        ("81355501", "81355*01"),
        ("110", "***"),
        ("client:alice", "client:***"),
        ("sip:+81355501123@example.invalid", "sip:***"),
        ("anonymous", "***"),
        ("", None),
        (None, None),
    ],
)
def test_a_number_loses_its_middle(number, shown):
    assert redacted(number) == shown


def test_a_long_entry_of_keys_is_not_exported(api):
    put_call(dtmf="4242")
    assert rows(fetched(api, "csv"))[0]["dtmf_redacted"] == "****"


def test_the_command_writes_what_the_page_downloads(api):
    put_call(**CALL)
    out = StringIO()
    call_command("export_incidents", "--q", "status:completed", stdout=out)
    (row,) = rows(out.getvalue())
    assert row["query"] == "status:completed"
    out = StringIO()
    call_command("export_incidents", "--format", "jsonl", stdout=out)
    assert json.loads(out.getvalue())["parent_call_sid"] == PARENT


def test_the_command_points_at_what_is_wrong_in_a_query():
    with pytest.raises(CommandError) as caught:
        call_command("export_incidents", "--q", "状 is:broken")
    assert "\n状 is:broken\n      ^^^^^^\n" in str(caught.value)


def test_the_command_ends_with_1_and_no_stack_trace():
    command = [sys.executable, "manage.py", "export_incidents", "--q", ")"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == "" and "Traceback" not in done.stderr and "\n^\n" in done.stderr


@pytest.mark.parametrize("pieces", [csv_pieces, json_pieces])
def test_of_calls_that_are_written_a_reader_who_rests_holds_no_document(pieces):
    given = [[{**CALL, "call_id": "1"}], [{**CALL, "call_id": "2"}]]
    written = "".join(pieces(iter(given), About("", datetime.now(UTC), "incident_csv/1")))
    assert written.count(PARENT) == 2 and given == [[], []]


def test_of_exports_that_nobody_reads_there_are_few(api):
    put_call(**CALL)
    ask = partial(api.get, "/api/v1/incidents.jsonl")
    resting = [ask() for _ in range(export.MOST_EACH)]
    assert {answer.status_code for answer in resting} == {200}
    refused = ask()
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    assert b"".join(resting.pop()).count(b"\n") == 1
    resting.append(ask())
    assert resting[-1].status_code == 200
    for answer in resting:
        assert b"".join(answer)
    assert not export._open
