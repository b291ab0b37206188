"""Heads: who is behind, who is leased for how long, and who is set aside."""

from uuid import UUID

import pytest

from callstore.eventlog.heads import errors, leases, versions
from callstore.eventlog.heads.relations import ARRIVALS, HEADS, IDS, PIECES
from callstore.eventlog.reading import read
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import NOON, child_of, draft, leg
from tests.eventlog.tampering import sql

pytestmark = pytest.mark.usefixtures("empty_log")


def a_trace(events: int = 1) -> UUID:
    """A new trace of so many events."""
    subject = leg()
    append([draft(subject, str(n)) for n in range(events)])
    return read.trace_of(subject)


def leased(trace: UUID) -> float:
    """For how many seconds from now."""
    [(seconds,)] = sql(
        "SELECT (extract(epoch FROM lease) - extract(epoch FROM now()))::float8 FROM log.head"
        " WHERE trace_id = %s",
        trace,
    )
    return seconds


def test_of_those_behind_the_longest_behind_are_leased_first_and_once():
    first, second, third = (a_trace() for _ in range(3))
    leases.finish([leases.Work(second, done=1, rest_s=0.0)])
    assert [lease.trace for lease in leases.take(1, lambda: 30.0)] == [first]
    assert [lease.trace for lease in leases.take(9, lambda: 30.0)] == [third]
    assert leases.take(9, lambda: 30.0) == []
    assert 29 < leased(first) <= 30
    leases.give_back([first, third])
    assert len(leases.take(9, lambda: 30.0)) == 2


def test_an_attempt_counts_until_it_is_finished_or_given_back():
    trace = a_trace(2)
    leases.begin([trace], 0.0)
    leases.begin([trace], 0.0)
    assert leases.take(1, lambda: 0.0) == [(trace, 2)]
    leases.finish([leases.Work(trace, done=1, rest_s=-1.0)])
    leases.begin([trace], 0.0)
    assert leases.take(1, lambda: -1.0) == [(trace, 1)]
    leases.give_back([trace])
    assert leases.take(1, lambda: 0.0) == [(trace, 0)]


def test_what_is_done_rests_and_never_becomes_less():
    trace = a_trace(3)
    leases.finish([leases.Work(trace, done=2, rest_s=5.0)])
    leases.finish([leases.Work(trace, done=1, rest_s=5.0)])
    assert versions.read([trace]) == {trace: (3, 2)}
    assert 4 < leased(trace) <= 5


def test_each_failure_is_waited_for_twice_as_long_and_the_last_one_for_ever():
    trace = a_trace()
    waits = []
    for _ in range(3):
        leases.begin([trace], 0.0)
        errors.fail(trace, "it failed", most_attempts=3, first_wait_s=10.0)
        waits.append(leased(trace))
    assert [round(wait, -1) for wait in waits[:2]] == [20, 40] and waits[2] == float("inf")
    [failure] = errors.all_set_aside()
    assert (failure.trace, failure.error, failure.attempts, failure.is_set_aside) == (
        trace,
        "it failed",
        3,
        True,
    )
    assert errors.of([trace, a_trace()]) == [failure]


def test_what_was_set_aside_stays_so_until_it_is_freed():
    old, new = a_trace(), a_trace()
    errors.set_aside([old], "killed (rules 1)")
    errors.set_aside([new], "killed (rules 2)")
    leases.give_back([old, new])
    assert leases.take(9, lambda: 9.0) == []
    assert errors.free_unless(" (rules 2)") == 1
    assert [lease.trace for lease in leases.take(9, lambda: 9.0)] == [old]


def test_a_head_that_is_restarted_has_not_failed_and_is_behind_by_what_it_lacks():
    lacks, has = a_trace(3), a_trace(2)
    errors.set_aside([lacks, has], "killed")
    versions.restart({lacks: 1, has: 2})
    assert errors.of([lacks, has]) == []
    assert leases.take(9, lambda: 9.0) == [(lacks, 0)]
    assert versions.read([lacks, has]) == {lacks: (3, 1), has: (2, 2)}


def test_traces_are_counted_and_listed_in_order_from_one_on():
    traces = sorted(a_trace() for _ in range(3))
    assert versions.count(traces[1]) == 2
    assert versions.page(traces[0], 2) == traces[:2] and versions.page(traces[1], 9) == traces[1:]
    [(bucket,)] = sql("SELECT DISTINCT bucket FROM log.head")
    assert sorted(versions.between(bucket, traces[0], traces[1])) == traces[:2]


def test_a_relation_stands_where_a_table_may_stand():
    parent, child = leg(), leg()
    append([draft(parent), draft(child, refs=child_of(parent)), draft("app:x", source="app")])
    trace = read.trace_of(child)
    [(_, bucket, version, done)] = sql(f"SELECT * FROM {HEADS} h WHERE h.trace_id = %s", trace)
    assert (bucket.isoformat(), version, done) == ("2026-04-01", 2, 0)
    assert sql(
        f"SELECT DISTINCT trace_id, bucket, extract(epoch FROM received_at)::float8 FROM {ARRIVALS} a"
    ) == [(trace, bucket, NOON + 0.3)], "what is of no call is none of them"
    ids = sql(f"SELECT id FROM {IDS} AS ids WHERE trace_id = %s AND bucket = %s", trace, bucket)
    assert sorted(ids) == sorted([(parent,), (child,), (parent,)])


def test_pieces_hold_every_trace_once_and_about_as_many_events_as_asked_for():
    traces = sorted(a_trace(2) for _ in range(6))
    pieces = sql(f"SELECT first, last, events FROM {PIECES} AS piece ORDER BY first", 4)
    assert sum(events for *_, events in pieces) == 12
    assert [piece[0] for piece in pieces] == [traces[0], traces[1], traces[3], traces[5]]
    assert [piece[1] for piece in pieces] == [traces[0], traces[2], traces[4], traces[5]]
