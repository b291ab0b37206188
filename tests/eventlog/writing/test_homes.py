"""Homes: first sight wins, relatives share one, and writers that meet agree."""

import threading
from uuid import UUID

import pytest
from django.db import DataError, connection, transaction

from callstore.domain.facts.clock import Clock, Instant, unix
from callstore.domain.facts.events import DialFinished, SessionOffered
from callstore.domain.facts.record import Ref
from callstore.eventlog.crypto import key_check
from callstore.eventlog.reading import read
from callstore.eventlog.writing import homes
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import NOON, child_of, draft, leg
from tests.eventlog.tampering import sql, unguarded


@pytest.mark.django_db
def test_a_child_that_comes_before_its_parent_shares_its_home():
    parent, child = leg(), leg()
    append([draft(child, refs=child_of(parent))])
    append([draft(parent)])
    assert read.trace_of(parent) == read.trace_of(child)
    assert read.subjects([read.trace_of(child)]) == {read.trace_of(child): {parent, child}}


@pytest.mark.django_db
def test_a_session_moves_in_with_the_first_leg_it_names():
    child, session = leg(), f"openai:rtc_{leg()[9:]}"
    append([draft(child)])
    refs = (Ref("Call-ID", "sip:abc"), Ref("X-Twilio-CallSid", child))
    append([draft(session, event=SessionOffered(api="realtime"), source="openai", refs=refs)])
    assert read.trace_of(session) == read.trace_of(child)


@pytest.mark.django_db
def test_two_that_have_homes_keep_them():
    parent, child = leg(), leg()
    append([draft(parent), draft(child)])
    before = read.trace_of(parent), read.trace_of(child)
    append([draft(parent, "2", DialFinished(path="/"), refs=(Ref("DialCallSid", child),))])
    assert (read.trace_of(parent), read.trace_of(child)) == before
    assert before[0] != before[1]


@pytest.mark.django_db
def test_nobody_lives_where_nobody_was_mentioned():
    assert read.trace_of(leg()) is None


@pytest.mark.django_db(transaction=True)
def test_writers_who_meet_a_pair_from_both_sides_agree_on_its_home():
    found = []
    for _ in range(20):
        parent, child = leg(), leg()
        ready = threading.Barrier(2)

        def write(subject, other, ready=ready):
            ready.wait(5)
            append([draft(subject, refs=(Ref("relative", other),))])
            connection.close()

        writers = [
            threading.Thread(target=write, args=pair, daemon=True)
            for pair in ((parent, child), (child, parent))
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(10)
        found.append((read.trace_of(parent), read.trace_of(child)))
        assert len(read.records([found[-1][0]])) == 2
    assert all(one == other for one, other in found)


@pytest.mark.django_db(transaction=True)
def test_a_home_that_was_rolled_back_is_not_remembered():
    a = leg()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append([draft(a)])
        raise ZeroDivisionError
    assert read.trace_of(a) is None
    assert append([draft(a)]) != [None]
    assert len(read.records([read.trace_of(a)])) == 1


@pytest.mark.django_db(transaction=True)
def test_a_home_that_a_crash_took_before_its_first_event_is_opened_again():
    """It is committed without waiting for the disk, so nobody may rely on it before an event does."""
    a = leg()
    with pytest.raises(DataError):
        append([draft(a, occurred=Instant(NOON, Clock.PROVIDER, 2**40))])
    assert read.trace_of(a) is not None
    with unguarded():
        sql("DELETE FROM log.call_key WHERE key_id = (SELECT key_id FROM log.stream WHERE subject = %s)", a)
        sql("DELETE FROM log.stream WHERE subject = %s", a)
    [position] = append([draft(a)])
    assert read.raw(position) == draft(a).raw


@pytest.mark.django_db(transaction=True)
def test_only_homes_are_committed_without_waiting_for_the_disk():
    waits = "SELECT current_setting('synchronous_commit')"
    sql("SET synchronous_commit = on")  # as it is where Postgres is not one for tests
    append([draft(leg())])
    assert sql(waits) == [("on",)]
    with transaction.atomic():
        append([draft(leg())])
        assert sql(waits) == [("on",)], "what else the caller does in this transaction is to last"
    sql("RESET synchronous_commit")


@pytest.mark.django_db(transaction=True)
def test_homes_that_are_opened_together_are_those_that_each_would_have(django_assert_num_queries):
    parent, child, session, alone = leg(), leg(), f"openai:rtc_{leg()[9:]}", leg()
    refs = (Ref("X-Twilio-CallSid", child),)
    drafts = [
        draft(alone),
        draft(session, event=SessionOffered(api="realtime"), source="openai", refs=refs),
        draft(child),
        draft(child, "2", refs=child_of(parent)),
        draft(parent),
    ]
    key_check.demand()  # a process asks once
    with django_assert_num_queries(2):  # the homes of all, and the facts
        append(drafts)
    assert read.trace_of(session) == read.trace_of(child)
    assert read.trace_of(alone) not in (read.trace_of(child), read.trace_of(parent), None)
    with django_assert_num_queries(1):
        append(drafts)


@pytest.mark.django_db
def test_a_session_that_came_last_of_a_batch_lives_with_the_first():
    parent, child, session = leg(), leg(), f"openai:rtc_{leg()[9:]}"
    refs = (Ref("X-Twilio-CallSid", child),)
    append(
        [
            draft(parent),
            draft(child, refs=child_of(parent)),
            draft(session, event=SessionOffered(api="realtime"), source="openai", refs=refs),
        ]
    )
    assert read.subjects([read.trace_of(parent)]) == {read.trace_of(parent): {parent, child, session}}


@pytest.mark.django_db(transaction=True)
def test_writers_who_open_rings_of_homes_together_lose_nothing():
    """Each opens pairs that the others open crosswise."""
    for _ in range(5):
        legs = sorted(leg() for _ in range(6))
        ready = threading.Barrier(3)
        kept: list[int | None] = []

        def write(shift, legs=legs, ready=ready, kept=kept):
            ready.wait(5)
            pairs = [(legs[n], legs[(n * 2 + shift) % 6]) for n in range(6)]
            kept.extend(append([draft(a, f"{shift}", refs=(Ref("relative", b),)) for a, b in pairs]))
            connection.close()

        writers = [threading.Thread(target=write, args=(n,), daemon=True) for n in range(3)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(30)
        assert len(kept) == 18 and None not in kept


def test_trace_ids_are_version_7_and_sort_by_time():
    moments = [unix(f"2026-04-13T12:00:00.{n:03}Z") for n in range(0, 1000, 7)]
    ids = [homes.uuid7(at) for at in moments]
    assert ids == sorted(ids)
    assert {(id_.version, id_.variant) for id_ in ids} == {(7, "specified in RFC 4122")}
    assert len({homes.uuid7(0.0) for _ in range(100)}) == 100
    assert isinstance(homes.uuid7(-5.0), UUID)


def test_memory_of_homes_is_bounded(monkeypatch):
    monkeypatch.setattr(homes, "REMEMBERED", 3)
    monkeypatch.setattr(homes, "_homes", type(homes._homes)())
    for n in range(10):
        homes.remember_homes({str(n): homes.Home(homes.uuid7(0), homes.canonical.EPOCH.date(), b"")})
    assert list(homes._homes) == ["7", "8", "9"]
