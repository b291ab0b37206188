"""What comes for a retired call, or while a month goes: none of it is lost, refused or misplaced."""

import random
import threading
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic, sleep

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from callstore.eventlog.db import locks
from callstore.eventlog.proof import retired_leaves, seals
from callstore.eventlog.reading import read
from callstore.eventlog.retention import retire
from callstore.eventlog.writing import homes
from callstore.eventlog.writing.append import append
from tests.eventlog.drafts import child_of, draft, leg
from tests.eventlog.old_months import doubts, exchange_all, on, retire_months
from tests.eventlog.tampering import await_feed, sql

pytestmark = pytest.mark.usefixtures("old_log")


@pytest.mark.parametrize("remembered", [True, False])
def test_a_late_fact_of_a_retired_call_begins_a_call_of_this_month(legs, remembered):
    gone = read.trace_of(legs[0])
    exchange_all()
    if not remembered:
        homes._homes.clear()
    [position] = append([on("01-31", legs[0], "late", raw=b"said late")])
    trace = read.trace_of(legs[0])
    assert trace != gone
    assert [r.position for r in read.records([trace])] == [position]
    assert read.raw(position) == b"said late"
    [(bucket,)] = sql("SELECT bucket FROM log.event WHERE position = %s", position)
    assert bucket == datetime.now(UTC).date().replace(day=1)
    assert append([on("01-31", legs[0], "late")]) == [None]
    assert doubts() == []
    retire_months()
    assert read.trace_of(legs[0]) == trace
    assert doubts() == []


def test_a_late_child_of_a_retired_parent_and_a_first_fact_of_a_retired_month_do_so_too(legs):
    retire_months()
    child, unheard = leg(), leg()
    assert None not in append([on("01-31", child, refs=child_of(legs[0])), on("01-05", unheard)])
    assert read.trace_of(child) == read.trace_of(legs[0])
    now = datetime.now(UTC).date().replace(day=1)
    assert set(sql("SELECT bucket FROM log.event WHERE subject = ANY(%s)", [child, unheard])) == {(now,)}
    assert sql("SELECT count(*) FROM log.event_default") == [(0,)]


def test_one_late_fact_holds_up_no_other_of_its_batch(legs):
    exchange_all()
    new = leg()
    assert None not in append([on("01-31", legs[0], "late"), on("03-05", legs[2], "4"), draft(new)])
    assert len(read.records([read.trace_of(legs[2])])) == 4


def test_the_application_finds_a_new_home_too(legs):
    exchange_all()
    homes._homes.clear()
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE callstore_app")
        try:
            assert append([on("01-31", legs[0], "late")]) != [None]
            with pytest.raises(DatabaseError, match="permission denied"):
                sql("SELECT log.forget('2025-01-01', '{}')")
        finally:
            cursor.execute("RESET ROLE")


def test_a_fact_that_comes_while_a_month_goes_is_not_lost(legs, monkeypatch):
    january = legs[0]
    keep = retired_leaves.keep

    def slowly(no, leaves):
        kept = keep(no, leaves)
        append([on("01-31", january, "just now")])
        return kept

    monkeypatch.setattr(retired_leaves, "keep", slowly)
    with pytest.raises(retire.NotRetired, match="something came for 2025-01 meanwhile"):
        retire_months()
    monkeypatch.setattr(retired_leaves, "keep", keep)
    assert len(read.records([read.trace_of(january)])) == 4
    assert doubts() == []
    await_feed()
    retire_months()
    assert doubts() == []


def test_writers_of_other_months_go_on_while_a_month_goes(legs):
    with psycopg.connect(**connection.get_connection_params()) as reader:
        reader.execute("SELECT count(*) FROM log.event")  # holds up the exchange
        done = threading.Event()

        def retiring():
            retire_months()
            done.set()
            connection.close()

        thread = threading.Thread(target=retiring, daemon=True)
        thread.start()
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'log.event'::regclass"
        deadline = monotonic() + 30
        while sql(waits) == [(0,)]:
            assert monotonic() < deadline, "it does not wait for the reader"
            sleep(0.005)
        for n in range(20):
            assert append([on("03-02", legs[2], f"meanwhile {n}")]) != [None]
        assert not done.is_set()
        reader.rollback()
    assert done.wait(30)
    thread.join(30)
    assert len(read.records([read.trace_of(legs[2])])) == 23
    assert doubts() == []


def test_a_late_fact_within_a_transaction_is_refused_not_misplaced(legs):
    exchange_all()
    with pytest.raises(IntegrityError, match="the calls of 2025-01 are retired"), transaction.atomic():
        append([on("01-31", legs[0], "late")])


def test_a_month_that_somebody_reads_for_ever_does_not_go(legs, monkeypatch):
    monkeypatch.setattr(locks, "TRIES", 2)
    monkeypatch.setattr(locks, "PAUSE_S", 0.01)
    with psycopg.connect(**connection.get_connection_params()) as reader:
        reader.execute("SELECT count(*) FROM log.event")
        with pytest.raises(retire.NotRetired, match="somebody has read 2025-01 or the whole log"):
            retire_months()
        reader.rollback()
    assert doubts() == []
    assert len(read.records([read.trace_of(legs[0])])) == 3


HOMELESS = """
SELECT count(*) FROM log.event e LEFT JOIN log.stream s USING (bucket, trace_id, subject)
WHERE s.subject IS NULL
"""


def test_whatever_comes_at_any_moment_of_it_has_a_home_or_was_proved_when_it_went(old_log):
    a, over, taken = [leg() for _ in range(6)], threading.Event(), []

    def write(seed):
        chance = random.Random(seed)
        while not over.wait(chance.uniform(0.01, 0.15)):
            taken.extend(append([on("01-31", chance.choice(a), f"{seed} {chance.random()}")]))
        connection.close()

    append([on("01-31", subject) for subject in a])
    writers = [threading.Thread(target=write, args=(seed,), daemon=True) for seed in range(3)]
    for writer in writers:
        writer.start()
    deadline = monotonic() + 60
    while not retired_leaves.size():
        assert monotonic() < deadline, "somebody always came"
        with suppress(retire.NotRetired):
            retire_months()
    until = len(taken) + 10
    while len(taken) < until:
        assert monotonic() < deadline
        sleep(0.01)
    over.set()
    for writer in writers:
        writer.join()
    await_feed()
    seals.seal()
    [(there,)] = sql("SELECT count(*) FROM log.event WHERE subject = ANY(%s)", a)
    assert (there + retired_leaves.size(), None in taken) == (len(a) + len(taken), False)
    assert there >= 10
    assert sql(HOMELESS) == [(0,)]
    assert len(read.records(read.homes(a))) == there
    assert doubts() == []
