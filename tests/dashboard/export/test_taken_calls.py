"""The flag of calls that somebody took away in a file."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError, connection

from callstore.people.models import Export, ExportedCall
from callstore.projection import projector, queries
from callstore.projection.rebuild import diff, shadow, swap
from callstore.projection.rebuild.scope import scope
from callstore.projection.review import exports
from callstore.projection.slices import slices
from callstore.projection.tasks import flag_exported
from dashboard.export import taken_calls
from dashboard.export.incident import About
from tests.dashboard.documents import put_call
from tests.projection.facts import keep, sid, status

pytestmark = pytest.mark.django_db


def take(client, kind="csv", **asked):
    return b"".join(client.get(f"/api/v1/incidents.{kind}", asked).streaming_content).decode()


def found(client, q):
    return [call["call_id"] for call in client.get("/api/v1/calls", {"q": q}).json()["items"]]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_call_that_somebody_took_away_has_the_flag(reader, kind):
    taken, left = put_call(flags=["truncated"], parent_call_sid=sid()), put_call()
    take(reader, kind, q="is:truncated")
    assert found(reader, "is:exported") == [str(taken)] and found(reader, "-is:exported") == [str(left)]
    assert "exported" in reader.get(f"/api/v1/calls/{taken}").json()["flags"]
    assert f"truncated{'; ' if kind == 'csv' else ''}" in take(reader, kind, q="is:exported")
    assert queries.find(str(taken))["flags"].count("exported") == 1


def test_who_took_it_and_when_is_kept_under_the_id_in_the_file(reader, api):
    call = put_call()
    export_id = take(reader).splitlines()[1].split(",")[1]
    kept = Export.objects.get(id=export_id)
    assert (kept.by, kept.format) == ("otto", "csv") and kept.at
    assert ExportedCall.objects.get(export=kept).trace_id == call
    take(api, "jsonl")
    assert Export.objects.get(format="jsonl").by.startswith("token:")
    with pytest.raises(DatabaseError):
        ExportedCall.objects.all().delete()


@pytest.fixture
def asked(monkeypatch):
    """What a worker is asked for."""
    tasks = []
    monkeypatch.setattr(exports.current_app, "send_task", lambda name, args, **_: tasks.append((name, *args)))
    return tasks


def test_a_file_that_is_broken_off_took_what_was_read_of_it(reader, asked):
    call = put_call(parent_call_sid=sid(), started_at="2026-04-13T00:17:52.000Z")
    written = taken_calls.entered(slices(), About("", datetime.now(UTC)), "ada", "csv")
    next(written)
    written.close()
    [(name, export)] = asked
    assert name == flag_exported.name
    flag_exported(export)
    assert found(reader, "is:exported") == [str(call)]


@pytest.mark.timeout(60)
def test_a_file_that_ends_as_garbage_in_the_middle_of_a_statement_holds_up_nobody(asked):
    put_call(parent_call_sid=sid(), started_at="2026-04-13T00:17:52.000Z")
    written = taken_calls.entered(slices(), About("", datetime.now(UTC)), "ada", "csv")
    next(written)

    class Last:
        """A parameter at which the last reference to the file goes, as a garbage collection may have it."""

    class Dumper(psycopg.adapt.Dumper):
        def dump(self, obj):
            written.close()
            return b"there"

    connection.connection.adapters.register_dumper(Last, Dumper)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text", [Last()])
        assert cursor.fetchall() == [("there",)]
    assert len(asked) == 1


def test_of_a_large_file_the_worker_gives_the_flag_and_without_a_broker_we_do(reader, monkeypatch, asked):
    call = put_call(parent_call_sid=sid())
    monkeypatch.setattr(taken_calls, "FLAGGED_AT_ONCE", 0)
    take(reader)
    assert found(reader, "is:exported") == [] and len(asked) == 1
    assert asked[0][0] == flag_exported.name
    flag_exported(asked[0][1])
    assert found(reader, "is:exported") == [str(call)]


@pytest.mark.django_db(transaction=True)
def test_the_flag_outlives_that_a_call_is_folded_again_and_rebuilt_even_meanwhile(reader):
    before, during = sid(), sid()
    projector.project([*keep(status(before, "completed")), *keep(status(during, "completed"))])
    take(reader, q=before)
    projector.project(keep(status(before, "completed", at=3)))
    assert "exported" in queries.find(before)["flags"]
    with shadow.alone():
        shadow.prepare(lambda *_: None, 1)
        take(reader, q=during)
        swap.swap()
    assert all("exported" in queries.find(leg)["flags"] for leg in (before, during))
    assert list(diff.differences(scope(), lambda _: None)) == []
