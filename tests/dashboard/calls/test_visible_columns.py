"""The columns that a list shows, as a file."""

import csv
import io

import pytest

from dashboard.calls.columns import DEFAULT, EVERY
from dashboard.calls.visible_columns import BACK, SHOWN, of_list
from dashboard.export.incident import FIRST
from tests.dashboard.documents import put_call

pytestmark = pytest.mark.django_db


def rows(client, **asked):
    text = b"".join(client.get("/api/v1/incidents.csv", {"schema": "columns", **asked}).streaming_content)
    return list(csv.reader(io.StringIO(text.decode(), newline="")))


def test_every_column_of_the_list_says_what_of_it_stands_in_a_file():
    assert list(SHOWN) == [column.name for column in EVERY]


def test_a_file_has_the_columns_of_the_list_and_says_where_it_came_from(api):
    call = put_call(
        verdict="ai_deaf", verdict_confidence="high", ai_model="gpt-realtime", **{"from": "+81355501123"}
    )
    head, row = rows(api, q="verdict:ai_deaf", cols="model,from,verdict")
    assert head == [
        "call_id", "permalink", "started_at_utc",
        "verdict", "verdict_confidence", "from_redacted", "ai_model", *BACK,
    ]  # fmt: skip
    said = dict(zip(head, row, strict=True))
    assert said["call_id"] == str(call) and said["from_redacted"] == "'+8135*****23"
    assert said["schema"] == "columns" and said["query"] == "verdict:ai_deaf"


def test_without_columns_they_are_the_usual_ones_each_once(api):
    put_call()
    head, _ = rows(api)
    assert tuple(head) == of_list(DEFAULT) == of_list("") and len(head) == len(set(head))
    assert rows(api, schema="incident_csv/1", cols="verdict")[0] == list(FIRST)


def test_a_column_that_the_list_has_not_is_named(api):
    answer = api.get("/api/v1/incidents.csv", {"schema": "columns", "cols": "verdict,nope"})
    assert (
        answer.status_code == 422 and "no column 'nope'; it has started, verdict" in answer.json()["detail"]
    )


def test_the_list_offers_its_columns_as_a_file(reader):
    put_call()
    page = reader.get("/calls", {"cols": "started,model"}).content.decode()
    assert "schema=columns&amp;cols=started%2Cmodel" in page
