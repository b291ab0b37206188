"""The feed: every committed event once, in one order, whoever commits when."""

import threading

import pytest
from django.db import connection, transaction

from callstore.eventlog.apps import begin_epoch
from callstore.eventlog.reading import feed as feeding
from callstore.eventlog.reading.feed import BEGINNING, Cursor, OtherCluster, feed
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import draft, leg
from tests.eventlog.tampering import await_feed, sql, unguarded


def positions(after: Cursor = BEGINNING, limit: int = 1000) -> list[int]:
    await_feed()
    return [entry.at.position for entry in feed(after, limit)]


def elsewhere(work) -> None:
    """Run something on a connection of its own, to the end."""
    failed: list[BaseException] = []

    def run():
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(20)
    assert not failed


@pytest.mark.usefixtures("empty_log")
def test_pages_follow_each_other_without_gap_or_repeat():
    a, b = leg(), leg()
    kept = [append([draft(a, str(n)), draft(b, str(n))]) for n in range(5)]
    await_feed()
    at, seen = BEGINNING, []
    while page := feed(at, 3):
        seen += page
        at = page[-1].at
    assert [entry.at.position for entry in seen] == [position for pair in kept for position in sorted(pair)]
    assert [entry.at for entry in seen] == sorted(entry.at for entry in seen)
    assert {entry.subject for entry in seen} == {a, b}
    assert feed(at, 3) == []


@pytest.mark.usefixtures("empty_log")
def test_what_commits_late_comes_later_and_nothing_overtakes_it():
    [first] = append([draft(leg())])
    await_feed()
    with transaction.atomic():
        [held] = append([draft(leg())])
        elsewhere(lambda: append([draft(leg())]))
        behind: list[int] = []
        elsewhere(lambda: behind.extend(entry.at.position for entry in feed(BEGINNING)))
        assert behind == [first]
    assert positions()[:2] == [first, held]
    assert len(positions()) == 3


@pytest.mark.usefixtures("empty_log")
def test_what_was_rolled_back_never_comes():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append([draft(leg())])
        raise ZeroDivisionError
    [kept] = append([draft(leg())])
    assert positions() == [kept]


@pytest.mark.usefixtures("empty_log")
def test_a_page_reads_its_own_events_and_no_others():
    a = leg()
    append([draft(a, str(n)) for n in range(2000)])
    await_feed()
    sql("ANALYZE log.event")  # the planner's guess gets worse by what it knows
    after = feed(BEGINNING, 500)[-1].at
    with transaction.atomic():
        before = read_so_far()
        assert len(feed(after, 100)) == 100
        scans, fetched = (now - then for now, then in zip(read_so_far(), before, strict=True))
    assert (scans, fetched // 10) == (0, 10)  # a few more at the borders of the range


def read_so_far() -> tuple[int, int]:
    [counted] = sql(
        "SELECT sum(seq_scan), sum(idx_tup_fetch) FROM pg_stat_xact_all_tables"
        " WHERE schemaname = 'log' AND relname LIKE 'event_%'"
    )
    return counted


@pytest.mark.django_db
def test_a_reader_goes_on_where_it_was_and_only_one_at_a_time():
    assert feeding.cursor_of("export") == BEGINNING
    first, second = Cursor(1, 2**40, 7), Cursor(1, 2**40, 9)
    assert feeding.advance("export", BEGINNING, first)
    assert feeding.cursor_of("export") == first
    assert not feeding.advance("export", BEGINNING, second)
    assert feeding.advance("export", first, second)
    assert feeding.cursor_of("export") == second
    assert not feeding.advance("never seen", first, second)
    assert feeding.cursor_of("never seen") == BEGINNING


@pytest.mark.django_db
def test_a_log_from_another_cluster_is_not_read_until_its_new_epoch_began():
    with unguarded():
        sql("UPDATE log.epoch SET system_identifier = 1")
    with pytest.raises(OtherCluster, match="another cluster"):
        feed(BEGINNING)
    begin_epoch()
    assert feed(BEGINNING, 1) is not None
    append([draft(a := leg())])
    assert sql("SELECT epoch FROM log.event WHERE subject = %s", a) == [(2,)]
    begin_epoch()
    assert sql("SELECT max(epoch) FROM log.epoch") == [(2,)]


@pytest.mark.django_db
def test_a_log_restored_within_its_cluster_begins_a_new_epoch_once():
    with unguarded():
        sql("UPDATE log.epoch SET place = regexp_replace(place, '/.*/', '/00000000/')")  # an older timeline
    assert feed(BEGINNING, 1) is not None  # a failover makes one, too, and stops nobody
    for _ in range(2):
        begin_epoch()
        assert sql("SELECT max(epoch) FROM log.epoch") == [(2,)]


@pytest.mark.django_db
def test_a_log_whose_transactions_this_cluster_has_not_reached_is_not_read():
    append([draft(leg())])
    with unguarded():
        sql(
            "UPDATE log.event SET xid = '4611686018427387904'"
            " WHERE subject = (SELECT max(subject) FROM log.event)"
        )
    with pytest.raises(OtherCluster, match="not yet seen"):
        feed(BEGINNING)


@pytest.mark.usefixtures("empty_log")
def test_events_of_an_old_epoch_come_first_whatever_their_xid():
    append([draft(leg())])
    with unguarded():
        sql("UPDATE log.event SET epoch = 0, xid = '4611686018427387904'")
    append([draft(leg())])
    await_feed()
    assert [entry.at.epoch for entry in feed(BEGINNING)] == [0, 1]
