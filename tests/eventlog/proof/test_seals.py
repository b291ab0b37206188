"""Seals: everything that is in the feed is bound once, in order, and what is bound does not move."""

import threading

import pytest
from django.db import connection, transaction

from callstore.eventlog.proof import merkle, seals
from callstore.eventlog.reading.feed import BEGINNING, OtherCluster, feed
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import draft, leg
from tests.eventlog.tampering import await_feed, sql, unguarded

pytestmark = pytest.mark.usefixtures("empty_log")


def keep(number: int) -> list[int | None]:
    a = leg()
    positions = append([draft(a, f"{n:04}") for n in range(number)])
    await_feed()
    return positions


def test_a_seal_binds_what_came_since_the_one_before():
    keep(3)
    assert seals.seal() == 3
    assert seals.seal() == 0
    *_, last = keep(2)
    assert seals.seal() == 2
    one, two = seals.since(0)
    assert (one.no, one.n, two.no, two.n) == (1, 3, 2, 2)
    assert (one.prev, two.prev) == (seals.ZERO, one.this)
    assert (one.this, two.this) == (one.digest, two.digest)
    assert two.to.position == last


def test_what_is_not_in_the_feed_waits_for_the_next_seal():
    keep(1)
    done = threading.Event()
    written = threading.Event()

    def hold():
        with transaction.atomic():
            append([draft(leg())])
            written.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    assert written.wait(10)
    append([draft(leg())])
    assert seals.seal() == 1
    done.set()
    holder.join(10)
    await_feed()
    assert seals.seal() == 2


def test_a_long_standstill_becomes_several_seals(monkeypatch):
    monkeypatch.setattr(seals, "EVENTS", 40)
    monkeypatch.setattr(seals, "PAGE", 15)
    keep(100)
    assert seals.seal() == 100
    assert [seal.n for seal in seals.since(0)] == [40, 40, 20]


def test_whoever_seals_second_adds_nothing():
    keep(2)
    stale = seals.last()
    assert seals.seal() == 2
    assert seals._next(stale) is None
    assert seals.last().no == 1


def test_a_log_from_another_cluster_is_not_sealed():
    keep(1)
    with transaction.atomic():
        with unguarded():
            sql("UPDATE log.epoch SET system_identifier = 1")
        with pytest.raises(OtherCluster):
            seals.seal()
        transaction.set_rollback(True)
    assert seals.last() == seals.BEFORE_ALL


def test_the_feed_of_sealed_events_gives_their_root():
    keep(7)
    seals.seal()
    tree = merkle.Tree()
    for entry in feed(BEGINNING):
        tree.add(entry.at, entry.row_sha)
    assert (tree.size, tree.root()) == (7, seals.last().root)
