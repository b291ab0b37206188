"""append: idempotent over everything, in one round trip, and nothing ever falls into the bin."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.events import AppSaid, LegStatus
from callstore.eventlog.crypto import key_check
from callstore.eventlog.heads import versions
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import NOON, draft, leg

pytestmark = pytest.mark.django_db


def count(table: str, subject: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM log.{table} WHERE subject = %s", [subject])
        return cursor.fetchone()[0]


def partitions(subject: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM log.event WHERE subject = %s", [subject])
        return {name for (name,) in cursor}


def version(subject: str) -> int:
    trace = read.trace_of(subject)
    assert trace is not None
    head = versions.read([trace]).get(trace)
    return head.version if head else 0


def test_a_new_fact_has_a_position_and_a_known_one_has_none():
    a = leg()
    [position] = append([draft(a)])
    assert position is not None
    assert append([draft(a), draft(a, "2")])[0] is None
    assert count("event", a) == 2


def test_nothing_to_append_is_nothing_to_do():
    assert append([]) == []


def test_a_fact_repeated_in_one_batch_is_kept_once():
    a = leg()
    first, again, other = append([draft(a), draft(a), draft(a, "2")])
    assert (first is None, again is None, other is None) == (False, True, False)
    assert count("conflict", a) == 0


def test_a_call_stays_in_the_month_it_began_in():
    a = leg()
    for month in ("2026-04-30T23:59:59Z", "2026-05-01T00:00:01Z", "2026-06-01T00:00:00Z"):
        append([draft(a, month, occurred=Instant(unix(month), Clock.PROVIDER, 1000))])
        assert append([draft(a, month, occurred=Instant(unix(month), Clock.PROVIDER, 1000))]) == [None]
    assert partitions(a) == {"log.event_2026_04"}


def test_a_month_that_nobody_prepared_refuses_no_fact():
    a = leg()
    old = draft(a, occurred=Instant(unix("2019-02-01T00:00:00Z"), Clock.PROVIDER, 1000))
    assert append([old, old])[0] is not None
    assert append([old]) == [None]
    assert partitions(a) == {"log.event_default"}
    assert len(read.records([read.trace_of(a)])) == 1


def test_the_same_key_with_other_content_is_kept_aside_once():
    a = leg()
    append([draft(a)])
    other = draft(a, event=LegStatus(status="completed"), raw=b"CallStatus=completed")
    assert append([other]) == [None]
    assert append([other]) == [None]
    assert (count("event", a), count("conflict", a)) == (1, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM log.conflict WHERE subject = %s", [a])
        assert b"completed" not in bytes(cursor.fetchone()[0])
    assert version(a) == 1


def test_contradictions_in_one_batch_are_kept_aside_too():
    a = leg()
    others = [draft(a, event=LegStatus(status=status)) for status in ("busy", "failed", "busy")]
    positions = append([draft(a), *others])
    assert [position is not None for position in positions] == [True, False, False, False]
    assert (count("event", a), count("conflict", a)) == (1, 2)


def test_the_same_fact_by_another_road_is_no_contradiction():
    a = leg()
    append([draft(a)])
    assert append([draft(a, raw=b'{"by": "Event Streams"}', received_at=NOON + 60)]) == [None]
    assert count("conflict", a) == 0


def test_a_batch_of_500_over_several_calls_is_kept_and_counted():
    legs = [leg() for _ in range(5)]
    positions = append([draft(legs[n % 5], str(n)) for n in range(500)])
    assert len(set(positions) - {None}) == 500
    assert [version(a) for a in legs] == [100] * 5


@pytest.mark.django_db(transaction=True)
def test_a_duplicate_costs_one_round_trip():
    a = leg()
    key_check.demand()  # a process asks once
    with CaptureQueriesContext(
        connection,
    ) as first:
        append([draft(a)])
    with CaptureQueriesContext(connection) as again:
        append([draft(a)])
    with CaptureQueriesContext(connection) as batch:
        append([draft(a, str(n)) for n in range(100)])
    assert (len(first), len(again), len(batch)) == (2, 1, 1)


def test_a_head_remembers_since_when_it_waits():
    a = leg()
    append([draft(a)])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE log.head SET since = '2026-01-01' WHERE trace_id = %s", [read.trace_of(a)])
        append([draft(a, "2")])
        cursor.execute("SELECT version, since < now() FROM log.head WHERE trace_id = %s", [read.trace_of(a)])
        assert cursor.fetchone() == (2, True)
        cursor.execute(
            "UPDATE log.head SET done = version, since = NULL WHERE trace_id = %s", [read.trace_of(a)]
        )
        append([draft(a, "3")])
        cursor.execute("SELECT version, since = now() FROM log.head WHERE trace_id = %s", [read.trace_of(a)])
        assert cursor.fetchone() == (3, True)


def test_only_calls_have_heads():
    subject = f"app:{leg()}"
    append([draft(subject, event=AppSaid(what="deployed"), source="app")])
    assert isinstance(read.trace_of(subject), UUID)
    assert version(subject) == 0


@pytest.mark.parametrize("at", [-1.0, 1e18, float("nan"), float("inf")])
def test_a_moment_that_no_calendar_has_becomes_the_moment_of_receipt(at):
    a = leg()
    append([draft(a, occurred=Instant(at, Clock.APP))])
    [record] = read.records([read.trace_of(a)])
    assert record.occurred == Instant(NOON + 0.3, Clock.RECEIVER)


def test_what_postgres_cannot_hold_is_kept_as_near_as_can_be():
    subject = f"app:\0{leg()}\ud800" + "s" * 5000
    odd = draft(
        subject,
        "k" * 5000,
        LegStatus(status="a\0b", sip_code=10**400, duration_s=2**70, caller="\ud800\0"),
        sequence=2**64,
        raw=b"\0\xff",
    )
    [position] = append([odd])
    assert append([odd]) == [None]
    [record] = read.records([read.trace_of(subject)])
    assert record.event == LegStatus(status="a\ufffdb", caller="?\ufffd")
    assert record.sequence is None
    assert read.raw(position) == b"\0\xff"
