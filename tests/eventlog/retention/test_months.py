"""Partitions are there before they are needed."""

from time import monotonic

import psycopg
import pytest
from celery.schedules import crontab
from django.db import OperationalError, connection

from callstore import celery
from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.eventlog import tasks
from callstore.eventlog.proof import seals, verify
from callstore.eventlog.retention import months
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import draft, leg
from tests.eventlog.tampering import await_feed, sql

pytestmark = pytest.mark.django_db


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_char(now() AT TIME ZONE 'UTC' + n * interval '1 month', '\"log.event_\"YYYY_MM')"
            " FROM generate_series(0, 3) n WHERE to_regclass(to_char(now() AT TIME ZONE 'UTC' +"
            " n * interval '1 month', '\"log.event_\"YYYY_MM')) IS NOT NULL"
        )
        return [name for (name,) in cursor]


def test_this_month_and_the_next_three_are_prepared():
    assert len(prepared()) == 4
    assert months.ensure() == 0
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {prepared()[-1]}")
    tasks.ensure_months()
    assert len(prepared()) == 4


def test_beat_makes_months_long_before_they_begin_and_seals_every_minute():
    every = {entry["task"]: entry["schedule"] for entry in celery.app.conf.beat_schedule.values()}
    assert every[tasks.ensure_months.name] == crontab(minute=0)
    assert every[tasks.seal.name] <= 60


def test_a_month_that_already_has_facts_in_the_default_partition_stays_there():
    early = draft(leg(), occurred=Instant(unix("2033-03-03T00:00:00Z"), Clock.APP))
    append([early])
    with connection.cursor() as cursor:
        cursor.execute("SELECT log.ensure_month('2033-03-01'), log.ensure_month('2033-04-01')")
        assert cursor.fetchone() == (False, True)
    assert append([early]) == [None]


def test_what_lies_in_the_default_partition_is_said_aloud(caplog):
    append([draft(leg(), occurred=Instant(unix("2033-03-03T00:00:00Z"), Clock.APP)) for _ in range(2)])
    tasks.ensure_months()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert caplog.text.count("2 events of 2033-03 lie in log.event_default; SELECT log.empty_default()") == 1


def test_a_month_that_ought_to_be_there_is_said_aloud():
    assert months.alarms() == []
    name = prepared()[2]
    sql(f"DROP TABLE {name}")
    assert months.alarms() == [f"The partition {name} is not made yet"]


@pytest.fixture
def another():
    """A connection of somebody else's, whose transaction stays open."""
    with psycopg.connect(**connection.get_connection_params()) as own:
        yield own
        own.rollback()


@pytest.fixture
def year_2041(transactional_db):
    yield
    sql("DROP TABLE IF EXISTS log.event_2041_01")


def test_a_month_is_attached_while_others_write_and_read_theirs(year_2041, another):
    another.execute("SELECT count(*) FROM log.event WHERE bucket = '2026-04-01'")
    another.execute("LOCK TABLE ONLY log.event, log.event_2026_04 IN ROW EXCLUSIVE MODE")  # an INSERT
    assert sql("SELECT log.ensure_month('2041-01-01')") == [(True,)]


def test_a_month_that_would_have_to_wait_stops_nobody_and_comes_next_time(
    year_2041, another, caplog, monkeypatch
):
    another.execute("SELECT count(*) FROM log.event")  # of every partition, the default one too
    began = monotonic()
    with pytest.raises(OperationalError, match="lock timeout"):
        sql("SELECT log.ensure_month('2041-01-01')")
    assert monotonic() - began < 2
    assert sql("SELECT to_regclass('log.event_2041_01')") == [(None,)]
    monkeypatch.setattr(months, "MONTH", "('2040-12-01'::date + %s * interval '1 month')::date")
    monkeypatch.setattr(months, "AHEAD", 1)
    assert months.ensure() == 0
    assert "has to wait" in caplog.text
    another.rollback()
    assert sql("SELECT log.ensure_month('2041-01-01')") == [(True,)]
    sql("DROP TABLE IF EXISTS log.event_2040_12")


@pytest.mark.usefixtures("empty_log")
def test_the_default_partition_is_emptied_without_a_trace_in_the_proof():
    astray = [draft(leg(), occurred=Instant(unix(f"2033-0{n}-03T00:00:00Z"), Clock.APP)) for n in (3, 3, 5)]
    kept = append([*astray, draft(leg())])
    await_feed()
    assert seals.seal() == 4
    before = sql("SELECT * FROM log.event ORDER BY position")
    try:
        assert sql("SELECT log.empty_default()") == [(3,)]
        assert sql("SELECT * FROM log.event ORDER BY position") == before
        assert sql("SELECT count(*) FROM log.event_2033_03") == [(2,)]
        assert months.alarms() == []
        assert list(verify.doubts({}, lambda events: None)) == []
        assert append(astray) == [None] * 3
        [later] = append([draft(leg())])
        assert later > max(kept)
    finally:
        sql("DROP TABLE log.event_2033_03, log.event_2033_05")
