import io
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from callstore.projection import projector, queries
from callstore.projection.models import CallRow
from callstore.projection.packed import written
from callstore.projection.rebuild import diff
from tests.projection.facts import call_ids, keep, offered, rtc, said, sid, sql, status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def call():
    """A projected call of two traces; those of other tests are none any more."""
    sql("DELETE FROM log.head")
    parent, child, session = sid(), sid(), rtc()
    traces = keep(status(parent, "in-progress"), status(child, "ringing", at=1))
    keep(
        offered(session, child, at=2),
        said(session, "Hello", at=3),
        status(child, "completed", parent=parent, at=9),
    )
    projector.project(traces)
    assert len(traces) == 2 and len(call_ids(traces)) == 1
    return queries.find(parent)


def rebuild(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rebuild", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def refused(*arguments: str) -> str:
    out = io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("rebuild", *arguments, stdout=out, stderr=io.StringIO())
    assert refusal.value.returncode == 1
    return out.getvalue()


def test_what_was_projected_live_equals_a_fresh_fold(call):
    assert rebuild("--check", "--call", call["call_id"]) == "Nothing differs.\n"


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        (
            "UPDATE call SET verdict = 'limit_reached' WHERE call_id = %s",
            "verdict is limit_reached, should be",
        ),
        ("UPDATE call SET flags = '{truncated}' WHERE call_id = %s", "flags is ['truncated'], should be"),
        ('UPDATE call SET document = document || \'{"to": "x"}\' WHERE call_id = %s', "in the document: to"),
        ('UPDATE call SET outline = \'{"to": "+4930"}\' WHERE call_id = %s', "outline differs"),
        ("UPDATE call_words SET caller = '' WHERE call_id = %s", "its words differ"),
        ("DELETE FROM call WHERE call_id = %s", "not stored"),
        ("DELETE FROM trace_ref WHERE trace_id = %s", "not noted"),
        ("INSERT INTO trace_ref (trace_id, ref) VALUES (%s, 'made up')", "noted, but in no event"),
    ],
)
def test_a_changed_read_model_is_found_and_mended(call, tampering, said):
    sql(tampering, call["call_id"])
    found = refused("--check")
    assert f"{call['call_id']}: " in found and said in found
    rebuild()
    assert rebuild("--check") == "Nothing differs.\n"
    assert queries.find(call["parent_call_sid"]) == call


def test_a_call_that_no_fact_supports_is_found_and_removed(call):
    stray = "ffffffff-ffff-7fff-8fff-ffffffffffff"
    columns = written(CallRow)
    copied = ", ".join("%s::uuid" if name == "call_id" else name for name in columns)
    sql(f"INSERT INTO call ({', '.join(columns)}) SELECT {copied} FROM call LIMIT 1", stray)
    assert f"{stray}: stored, but the log has no such call" in refused("--check")
    rebuild()
    assert rebuild("--check") == "Nothing differs.\n"


def test_dropped_read_models_come_back_the_same(call):
    sql("DELETE FROM call; DELETE FROM trace_ref")
    rebuild()
    assert queries.find(call["ai_call_id"]) == call
    assert rebuild("--check") == "Nothing differs.\n"


def test_a_check_writes_nothing(call):
    sql("DELETE FROM call; DELETE FROM trace_ref")
    refused("--check")
    assert sql("SELECT count(*) FROM call") == sql("SELECT count(*) FROM trace_ref") == [(0,)]


def test_only_calls_first_seen_since_a_time_are_rebuilt(call):
    rebuild()
    sql("UPDATE call SET verdict = NULL")
    rebuild("--since", "2100-01-01T00:00Z")
    assert sql("SELECT count(*) FROM call WHERE verdict IS NOT NULL") == [(0,)]
    rebuild("--since", "2020-01-01T00:00Z")
    assert rebuild("--check") == "Nothing differs.\n"


def test_an_unknown_call_and_a_senseless_time_are_refused():
    for arguments in (["--call", "CAnothing"], ["--call", str(uuid4())], ["--since", "yesterday"]):
        with pytest.raises(CommandError, match=r"No call has the id|--since is no time in ISO 8601"):
            rebuild(*arguments)


def test_a_call_that_cannot_be_folded_is_a_difference(call, monkeypatch):
    def failing(records, tools):
        raise ValueError("+15550100")

    monkeypatch.setattr(projector, "report", failing)
    found = refused("--check", "--call", call["call_id"])
    assert found == f"{call['call_id']}: cannot be folded, ValueError\n"


def test_a_call_that_is_only_behind_is_waited_for(call, monkeypatch):
    traces = keep(status(call["child_call_sid"], "failed", at=20))
    waited = []

    def wait(seconds):
        waited.append(seconds)
        projector.project(traces)

    monkeypatch.setattr(diff, "sleep", wait)
    assert rebuild("--check", "--call", call["call_id"]) == "Nothing differs.\n"
    assert len(waited) == 1


def test_calls_that_stay_behind_are_differences_after_one_wait_for_all(call, monkeypatch):
    monkeypatch.setattr(diff, "PATIENCE_S", 0.0)
    traces = keep(*(status(sid(), "ringing") for _ in range(3)))
    found = refused("--check", "--since", "2020-01-01T00:00Z")
    assert all(f"{trace}: not stored" in found for trace in traces)
