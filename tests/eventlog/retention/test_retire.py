"""A month goes from the log with its calls, and nothing else does."""

import re
from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from callstore.domain.facts.events import AppSaid
from callstore.eventlog.proof import retired_leaves, seals
from callstore.eventlog.reading import read
from callstore.eventlog.reading.feed import BEGINNING, feed
from callstore.eventlog.reading.listing import listing
from callstore.eventlog.retention import retire
from callstore.eventlog.writing.append import append
from ingest.retention import retirement as facts
from tests.eventlog.old_months import UNTIL, doubts, on, retire_months, tables
from tests.eventlog.tampering import await_feed, sql

pytestmark = pytest.mark.usefixtures("old_log")


def test_the_calls_of_a_month_and_of_those_before_it_go_and_the_others_stay(legs):
    march = legs[2]
    trace = read.trace_of(march)
    assert [month.first.month for month in retire_months()] == [1, 2]
    assert [read.trace_of(subject) for subject in legs] == [None, None, trace]
    assert len(read.records([trace])) == 3
    assert tables() == ["event_2025_03"]
    assert sql("SELECT count(*) FROM log.stream") == [(2,)]  # the retirements' is the other
    assert sql("SELECT count(*) FROM log.call_key") == [(2,)]
    assert sql("SELECT trace_id FROM log.head") == [(trace,)]


def test_contradictions_of_a_call_go_with_it(legs):
    append([on("02-01", legs[1], "1", event=AppSaid(what="deployed"))])
    append([on("03-01", legs[2], "1", event=AppSaid(what="deployed"))])
    retire_months()
    assert sql("SELECT bucket FROM log.conflict") == [(date(2025, 3, 1),)]


def test_a_call_that_is_to_stay_stays_whole_until_its_time(legs):
    january = legs[0]
    trace = read.trace_of(january)
    before = listing([trace]).items
    retire_months(staying=[trace])
    assert listing([trace]).items == before
    assert append([on("02-20", january, "late")]) != [None]
    assert append([on("02-20", january, "late")]) == [None]
    assert doubts() == []
    await_feed()
    seals.seal()
    assert [month.first.month for month in retire_months()] == [1]
    assert read.trace_of(january) is None
    assert doubts() == []
    assert [entry.events for entry in retired_leaves.entered()] == [0, 4, 4]


def test_what_stays_is_guarded_like_everything_else(legs):
    retire_months(staying=[read.trace_of(legs[0])])
    for verb in (
        "UPDATE log.event_2025_01 SET type = 'x'",
        "DELETE FROM log.event_2025_01",
        "TRUNCATE log.event_2025_01",
    ):
        with pytest.raises(DatabaseError, match="the log only grows"):
            sql(verb)


def test_of_what_is_of_no_call_each_fact_goes_with_the_month_that_it_came_in():
    deployed = [on(day, "app:shop", day, event=AppSaid(what="deployed"), source="app")
                for day in ("01-10", "02-10", "03-10")]  # fmt: skip
    append(deployed)
    await_feed()
    trace = read.trace_of("app:shop")
    retire_months()
    assert [r.key for r in read.records([trace])] == ["03-10"]
    assert append([deployed[2]]) == [None]
    append([on("03-12", "app:shop", "another", event=AppSaid(what="deployed"), source="app")])
    assert len(read.records([trace])) == 2
    assert doubts() == []


def test_nobody_forgets_what_the_log_still_holds(legs):
    append([on("03-01", legs[2], "1", event=AppSaid(what="deployed"))])
    retire_months(staying=[read.trace_of(legs[0])])
    before = sql("SELECT count(*) FROM log.stream")
    sql("SELECT log.vacate(ARRAY(SELECT subject FROM log.stream))")
    assert sql("SELECT count(*) FROM log.stream") == before
    for table in ("stream", "call_key", "conflict", "retired", "retirement"):
        with pytest.raises(DatabaseError, match="the log only grows"):
            sql(f"DELETE FROM log.{table}")


def test_readers_of_the_feed_miss_nothing_of_what_stays(legs):
    [first, *_] = feed(BEGINNING)
    rest = {entry.at for entry in feed(first.at) if entry.subject == legs[2]}
    retire_months()
    assert rest <= {entry.at for entry in feed(first.at)}


def test_who_forgets_some_traces_of_a_month_reads_no_others_of_it(legs):
    """Each batch of a month of 300,000 calls sorted all of them: an hour, for what takes a minute."""
    january = retire.months(UNTIL)[0]
    facts.exchange(january, UNTIL, (), retire.fence())
    month = january._replace(gone=True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        gone = retire.GONE.format(month.table)
        cursor.execute(f"EXPLAIN (COSTS off) {gone}", [month.first, UUID(int=0), month.first, 1])
        plan = "\n".join(line for (line,) in cursor)
    assert "Index Only Scan" in plan and not re.search("Sort|Hash", plan), plan
