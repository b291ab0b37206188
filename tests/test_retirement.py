"""`retire_month`: calls of old months leave log, read models and storage whole, and the proof goes on."""

import io
import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from time import monotonic, sleep
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.events import LegStatus, RecordingAnalysed
from callstore.domain.facts.record import Draft, Ref
from callstore.eventlog.proof import retired_leaves, seals, verify
from callstore.eventlog.reading import read
from callstore.eventlog.retention import retire
from callstore.eventlog.retention.retire import Month
from callstore.eventlog.tasks import remind_of_retention
from callstore.eventlog.writing import homes
from callstore.eventlog.writing.append import append
from callstore.local import retention as by_itself
from callstore.local.retention import Retention
from callstore.management.commands import retire_month
from callstore.media.storage import storage
from callstore.people import shares
from callstore.projection import projector, queries, saving
from callstore.projection.rebuild import diff, shadow
from callstore.projection.rebuild.scope import scope
from callstore.projection.retention import retirement as read_models
from ingest.recordings import take
from tests.eventlog.conftest import empty_log  # noqa: F401
from tests.eventlog.drafts import leg
from tests.eventlog.old_months import old_log, tables  # noqa: F401
from tests.eventlog.tampering import await_feed, sql

MODELS = ("call", "call_words", "trace_ref")


@pytest.fixture(autouse=True)
def empty(old_log, settings, tmp_path):  # noqa: F811
    """Nothing but old months, and somewhere for audio."""
    settings.RECORDING_STORAGE = str(tmp_path / "recordings")
    clear()
    yield
    clear()


def clear() -> None:
    for table in MODELS:
        sql(f"DELETE FROM {table}")


def fact(day: str, subject: str, key: str = "completed", event=None, refs=()) -> Draft:
    """A fact of a leg on a day of 2025, received at once."""
    at = unix(f"2025-{day}T12:00:00Z")
    return Draft(
        source="twilio",
        subject=subject,
        key=key,
        event=event or LegStatus(status="completed", caller="+15550100001"),
        occurred=Instant(at, Clock.PROVIDER, 1000),
        received_at=at + 0.3,
        raw=b"CallStatus=completed&From=%2B15550100001",
        refs=refs,
    )


def keep(*drafts: Draft) -> None:
    """Append, project and seal."""
    append(drafts)
    projector.project([trace for (trace,) in sql("SELECT trace_id FROM log.head WHERE since IS NOT NULL")])
    await_feed()
    seals.seal()


def retire_months(month: str = "2025-02", **options) -> str:
    out = io.StringIO()
    call_command("retire_month", month, stdout=out, **options)
    return out.getvalue()


def assert_it_is_proved_and_projected() -> None:
    assert list(verify.doubts({}, lambda events: None)) == []
    assert list(diff.differences(scope(), lambda traces: None)) == []


def ids(*subjects: str) -> list[bool]:
    """Which of these are found."""
    return [queries.find(subject.removeprefix("twilio:")) is not None for subject in subjects]


def test_calls_of_old_months_leave_no_row_behind():
    january, february, march = leg(), leg(), leg()
    keep(fact("01-31", january), fact("02-01", february), fact("03-01", march))
    assert ids(january, february, march) == [True, True, True]
    assert retire_months() == (
        "2025-01: 1 events go, of 1 traces of calls; 0 stay.\n"
        "2025-02: 1 events go, of 1 traces of calls; 0 stay.\n"
    )  # fmt: skip
    assert ids(january, february, march) == [False, False, True]
    for table in ("call", "call_words", "trace_ref", "log.head"):
        assert sql(f"SELECT count(*) FROM {table}") == [(1,)], table
    assert_it_is_proved_and_projected()


def test_what_is_older_than_the_retention_is_reminded_of_and_goes(
    settings, caplog, client, django_user_model
):
    january, march = leg(), leg()
    keep(fact("01-31", january), fact("03-01", march))
    [old, young] = [str(queries.find(one.removeprefix("twilio:"))["call_id"]) for one in (january, march)]
    settings.RETENTION_DAYS = (datetime.now(UTC) - datetime(2025, 3, 4, tzinfo=UTC)).days
    link = f"/share/{shares.make(old, 'ada', 3600).token}"
    assert client.get(link).status_code == 200
    remind_of_retention()
    assert "2025-01 and 1 months more are older than RETENTION_DAYS" in caplog.text
    out = io.StringIO()
    call_command("retire_month", due=True, stdout=out)
    assert "2025-01: 1 events go" in out.getvalue() and "2025-03" not in out.getvalue()
    assert ids(january, march) == [False, True]
    caplog.clear()
    remind_of_retention()
    assert caplog.text == ""
    assert_it_is_proved_and_projected()
    client.force_login(django_user_model.objects.create_superuser("ada"))
    answer = client.get(f"/calls/{old}")
    assert answer.status_code == 410 and "have expired" in answer.content.decode()
    assert "It is of January 2025" in answer.content.decode()
    for path in ("history", "events", "events/1", "report", "shares", "review"):
        answer = client.get(f"/calls/{old}/{path}")
        assert answer.status_code == 410 and "It is of January 2025" in answer.content.decode(), path
        assert client.get(f"/calls/{young}/{path}").status_code in (200, 404), path
    for path in ("reveal", "review", "notes", "shares", "events/1/reveal"):
        assert client.post(f"/calls/{old}/{path}").status_code == 410, path
    answer = client.get(link)
    assert answer.status_code == 410 and "a month whose calls are no longer kept" in answer.content.decode()
    assert client.get(f"/calls/{young}").status_code == 200
    assert client.get(f"/calls/{uuid4()}").status_code == 404
    for path in (
        "",
        "/timeline",
        "/events",
        "/history",
        "/review",
        "/advice",
        "/notes",
        "/bundle.zip?for=openai",
    ):
        answer = client.get(f"/api/v1/calls/{old}{path}")
        assert answer.status_code == 410 and "of 2025-01" in answer.json()["detail"], path
        assert client.get(f"/api/v1/calls/{young}{path}").status_code == 200
    assert client.get(f"/api/v1/calls/{uuid4()}").status_code == 404
    assert "A have expired: it is of 2025-01" in client.get(f"/compare?a={old}").content.decode()
    with pytest.raises(CommandError, match="have expired: it is of 2025-01"):
        call_command("verdict", old)


def test_up_retires_what_is_older_by_itself(settings):
    keep(fact("01-31", old := leg()), fact("03-01", young := leg()))
    given = settings.DATABASES["default"]
    database = (
        "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/".format(**given) + connection.settings_dict["NAME"]
    )
    environment = {**os.environ, "DATABASE_URL": database, "RECORDING_STORAGE": settings.RECORDING_STORAGE}
    since_march = (datetime.now(UTC) - datetime(2025, 3, 4, tzinfo=UTC)).days
    for days in ("", str(since_march)):
        with closing(Retention({**environment, "RETENTION_DAYS": days})) as retention:
            retention.tick()
            deadline = monotonic() + 60
            while days and ids(old) == [True] and monotonic() < deadline:
                sleep(0.1)
                retention.tick()
        assert ids(old, young) == [not days, True]


def test_up_tries_again_soon_where_something_was_in_the_way(settings, monkeypatch):
    keep(fact("01-31", old := leg()))
    given = settings.DATABASES["default"]
    database = (
        "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/".format(**given) + connection.settings_dict["NAME"]
    )
    environment = {**os.environ, "DATABASE_URL": database, "RECORDING_STORAGE": settings.RECORDING_STORAGE}
    environment["RETENTION_DAYS"] = str((datetime.now(UTC) - datetime(2025, 3, 4, tzinfo=UTC)).days)
    monkeypatch.setattr(by_itself, "AGAIN_S", 0.1)
    with closing(Retention(environment)) as retention:
        with shadow.alone():
            retention.tick()
            assert retention._running and retention._running.wait(60) == 1
        deadline = monotonic() + 60
        while ids(old) == [True] and monotonic() < deadline:
            retention.tick()
            sleep(0.1)
    assert ids(old) == [False]


def test_a_dry_run_says_what_would_go_and_changes_nothing():
    keep(fact("01-31", leg()), fact("03-01", leg()))
    before = tables(), sql("SELECT * FROM log.event ORDER BY position"), sql("SELECT * FROM log.stream")
    assert "2025-01: 1 events go, of 1 traces" in retire_months(dry_run=True)
    assert (
        tables(),
        sql("SELECT * FROM log.event ORDER BY position"),
        sql("SELECT * FROM log.stream"),
    ) == before
    assert retired_leaves.entered() == []


def test_the_audio_goes_with_its_call_and_no_other():
    old, young = leg(), leg()
    for day, subject, sid in (("02-01", old, "RE1"), ("03-01", young, "RE2")):
        media, peaks = take.names(sid)
        storage().put(media, BytesIO(b"RIFF"))
        storage().put(peaks, BytesIO(b"peaks"))
        heard = RecordingAnalysed(
            recording=sid, analyser="1", duration_s=1.0, sample_rate=8000, channels=2, sha256="0",
            media=media, peaks=peaks, caller=(), agent=(), echo=(),
        )  # fmt: skip
        keep(fact(day, subject), fact(day, subject, f"analysed:{sid}", heard))
    retire_months()
    assert sorted(path.name for path in storage().root.iterdir()) == ["RE2.peaks", "RE2.wav"]


def test_a_call_that_reaches_into_a_later_month_stays_whole_until_that_goes():
    parent, child, other = leg(), leg(), leg()
    keep(fact("02-28", parent), fact("03-01", child), fact("02-28", other))
    keep(fact("03-01", child, "told late", LegStatus(status="told"), (Ref("ParentCallSid", parent),)))
    before = queries.find(parent.removeprefix("twilio:"))
    assert before == queries.find(child.removeprefix("twilio:"))
    retire_months()
    assert ids(parent, child, other) == [True, True, False]
    assert queries.find(parent.removeprefix("twilio:")) == before
    assert_it_is_proved_and_projected()
    assert "2025-03: 2 events go" in retire_months("2025-03")
    assert ids(parent, child) == [False, False]
    assert sql("SELECT count(*) FROM trace_ref") == [(0,)]
    assert_it_is_proved_and_projected()


def test_a_call_that_something_came_for_lately_stays():
    old, busy = leg(), leg()
    late = replace(fact("02-01", busy, "late"), received_at=unix("2026-11-20T12:00:00Z"))
    keep(fact("02-01", old), fact("02-01", busy), late)
    now = sql("SELECT now()")[0][0].timestamp()
    keep(replace(fact("02-01", busy, "very late"), received_at=now))
    assert "1 events go, of 1 traces of calls; 3 stay" in retire_months()
    assert ids(old, busy) == [False, True]
    assert_it_is_proved_and_projected()
    assert "0 events go, of 0 traces of calls; 3 stay" in retire_months()
    assert len(retired_leaves.entered()) == 2


def test_a_call_that_something_comes_for_after_it_was_found_quiet_stays(monkeypatch):
    subject = leg()
    keep(fact("01-31", subject))
    found = read_models.staying

    def meanwhile(*when):
        quiet = found(*when)
        append([replace(fact("01-31", subject, "now"), received_at=sql("SELECT now()")[0][0].timestamp())])
        await_feed()
        return quiet

    with monkeypatch.context() as patched:
        patched.setattr(read_models, "staying", meanwhile)
        with pytest.raises(CommandError, match="something came for 2025-01 meanwhile; run it again"):
            retire_months()
    assert "2025-01: 0 events go, of 0 traces of calls; 2 stay" in retire_months()
    assert ids(subject) == [True]


@pytest.mark.parametrize("step", ["exchange", "discard", "read_models", "forget", "drop"])
def test_a_retirement_that_was_broken_off_is_finished_by_the_next(step, monkeypatch):
    subjects = [leg() for _ in range(3)]
    keep(*(fact("02-01", subject) for subject in subjects))

    def broken(*_, **__):
        raise KeyboardInterrupt

    place = {
        "exchange": (retire, "_enter"),
        "discard": (retire_month.facts, "discard"),
        "read_models": (read_models, "forget"),
        "forget": (retire, "forget"),
        "drop": (retire, "drop"),
    }[step]
    with monkeypatch.context() as patched:
        patched.setattr(*place, broken)
        with pytest.raises(KeyboardInterrupt):
            retire_months()
    assert list(verify.doubts({}, lambda events: None)) == []
    if step != "exchange":
        assert "went, but was interrupted" in retire_months(dry_run=True)
    retire_months()
    assert tables() == ["event_2025_03"]
    assert sql("SELECT (SELECT count(*) FROM call), (SELECT count(*) FROM log.head)") == [(0, 0)]
    assert ids(*subjects) == [False] * 3
    assert len(retired_leaves.entered()) == 2
    assert_it_is_proved_and_projected()


def test_a_fold_that_was_under_way_brings_no_call_back(monkeypatch):
    subject = leg()
    keep(fact("02-01", subject))
    save = saving.save

    def slow(*folded):
        monkeypatch.setattr(saving, "save", save)
        retire_months()
        return save(*folded)

    monkeypatch.setattr(saving, "save", slow)
    projector.project([read.trace_of(subject)], replay=True)
    assert saving.save is save
    assert sql("SELECT count(*) FROM call") == [(0,)]
    assert_it_is_proved_and_projected()


def test_a_rebuild_that_was_broken_off_brings_no_call_back():
    old, young = leg(), leg()
    keep(fact("02-01", old), fact("03-01", young))
    shadow.prepare(lambda *_: None, 1)
    assert sql("SELECT count(*) FROM rebuild.call") == [(2,)]
    retire_months()
    assert sql("SELECT count(*) FROM rebuild.call") == [(1,)]
    call_command("rebuild", processes=1, stdout=io.StringIO(), stderr=io.StringIO())
    assert ids(old, young) == [False, True]
    assert_it_is_proved_and_projected()


def test_a_late_fact_of_a_retired_call_is_a_call_of_today():
    subject = leg()
    keep(fact("02-01", subject))
    before = queries.find(subject.removeprefix("twilio:"))["call_id"]
    retire_months()
    homes._homes.clear()
    keep(fact("02-01", subject, "late"))
    after = queries.find(subject.removeprefix("twilio:"))
    assert (after["event_count"], after["call_id"] == before) == (1, False)
    assert_it_is_proved_and_projected()


def test_only_the_owner_may():
    keep(fact("02-01", leg()))
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE callstore_app")
        try:
            with pytest.raises(CommandError, match="Only the owner"):
                retire_months()
        finally:
            cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2025", "2025 is no month: give it as 2026-04"),
        ("2025-13", "is no month"),
        ("9999-12", "is no month"),
        ("2199-01", "2199-01 can go from 2199-03-03 on: for 30 days facts come late"),
    ],
)
def test_what_cannot_go_is_said_clearly(month, said):
    with pytest.raises(CommandError, match=said):
        retire_months(month)


def test_what_lies_in_the_default_partition_has_to_find_its_month_first():
    keep(fact("02-01", leg()), replace(fact("02-01", leg()), occurred=Instant(86_400.0, Clock.APP)))
    with pytest.raises(CommandError, match=r"Events of 1970-01 lie in log.event_default: SELECT log.empty_"):
        retire_months()
    sql("SELECT log.empty_default()")
    try:
        retire_months()
    finally:
        sql("DROP TABLE IF EXISTS log.event_1970_01")
    assert sql("SELECT count(*) FROM call") == [(0,)]
    assert_it_is_proved_and_projected()


def test_it_waits_for_no_rebuild_and_no_other_retirement(monkeypatch):
    def busy():
        raise shadow.Busy("another rebuild is under way")

    monkeypatch.setattr(shadow, "alone", busy)
    with pytest.raises(CommandError, match="another rebuild is under way"):
        retire_months()


def test_months_are_named_by_their_tables():
    assert [month for month in retire.months(date(2025, 2, 1)) if month.first.year == 2025] == [
        Month(date(2025, 1, 1), False), Month(date(2025, 2, 1), False),
    ]  # fmt: skip
