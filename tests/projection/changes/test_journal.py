"""Every save is in the journal, and who reads on from a position misses none."""

import threading

import pytest
from django.db import connection, transaction

from callstore.projection import projector
from callstore.projection.changes import journal
from callstore.projection.changes.journal import Position
from callstore.projection.rebuild import fill
from tests.projection.facts import call_ids, keep, offered, rtc, sid, sql, status

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 100


def test_a_saved_call_is_noted_and_one_before_the_position_is_not():
    before = keep(status(sid(), "ringing"))
    projector.project(before)
    start = journal.position()
    traces = keep(status(sid(), "ringing"))
    projector.project(traces)
    assert journal.since(start, MOST) == call_ids(traces)


def test_a_call_that_became_part_of_another_is_noted_with_it():
    leg, session = sid(), rtc()
    parts = [keep(status(leg, "in-progress")), keep(status(other := sid(), "in-progress", at=1))]
    for part in parts:
        projector.project(part)
    ids = set().union(*(call_ids(part) for part in parts))
    start = journal.position()
    keep(offered(session, leg), offered(session, other))
    projector.project(set().union(*parts), replay=True)
    assert set(journal.since(start, MOST)) >= ids and len(ids) == 2


def test_a_change_that_is_committed_after_a_later_one_is_not_missed():
    """The earlier transaction has the lower number and is seen last."""
    traces = [keep(status(sid(), "ringing")) for _ in range(2)]
    may_commit, saved = threading.Event(), threading.Event()

    def slowly():
        try:
            with transaction.atomic():
                projector.project(traces[0])
                saved.set()
                assert may_commit.wait(20)
        finally:
            connection.close()

    slow = threading.Thread(target=slowly)
    slow.start()
    assert saved.wait(20)
    projector.project(traces[1])
    start = journal.position()
    may_commit.set()
    slow.join()
    assert set(call_ids(traces[0])) <= set(journal.since(start, MOST))


def test_what_is_folded_into_a_second_set_is_noted_by_nobody():
    traces = keep(status(sid(), "ringing"))
    projector.project(traces)
    sql("CREATE TABLE rebuild.call (LIKE public.call INCLUDING ALL)")
    start = journal.position()
    try:
        with fill.second_set():
            projector.project(traces, replay=True)
        assert sql("SELECT count(*) FROM rebuild.call") == [(1,)]
    finally:
        sql("DROP TABLE rebuild.call")
    assert journal.since(start, MOST) == []


def test_where_any_call_or_too_many_changed_it_is_not_said_which():
    start = journal.position()
    for _ in range(3):
        projector.project(keep(status(sid(), "ringing")))
    assert len(journal.since(start, 3)) == 3
    assert journal.since(start, 2) is None
    journal.note_any()
    assert journal.since(start, MOST) is None


def test_a_position_of_another_server_is_no_place():
    now = journal.position()
    assert journal.since(Position(now.transaction + 1_000_000, now.at), MOST) is None


def test_a_position_is_read_as_it_was_written_and_an_old_one_or_nonsense_is_none():
    now = journal.position()
    assert Position.read(str(now)) == now
    old = now._replace(at=now.at - journal.KEPT_S)
    for text in (None, "", "x", "1", "1-", "-1-5", "9" * 30 + "-1", str(old), "1-9999999999999"):
        assert Position.read(text) is None


def test_old_changes_are_trimmed_and_young_ones_stay():
    start = journal.position()
    for traces in (keep(status(sid(), "ringing")), young := keep(status(sid(), "ringing"))):
        projector.project(traces)
    old = f"now() - interval '{journal.KEPT_S + 1} s'"
    sql(f"UPDATE call_change SET changed_at = {old} WHERE call_id <> ALL(%s)", call_ids(young))
    journal.trim()
    assert journal.since(start, MOST) == call_ids(young)


def test_a_burst_of_saves_is_announced_a_few_times_a_second_and_not_each(monkeypatch):
    told = []
    monkeypatch.setattr(journal, "run", lambda statement, _: told.append(statement))
    monkeypatch.setattr(journal, "_announced", float("-inf"))
    for _ in range(50):
        journal.announce()
    assert len(told) == 1
