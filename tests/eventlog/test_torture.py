"""The feed under torture: writers that dawdle, roll back and die, and readers that never look back.

A second reader remembers the last position, as most event stores do or did. It must lose events, or the
torture was too gentle to prove anything of the first.
"""

import os
import random
import threading
from array import array
from collections.abc import Callable
from time import monotonic, sleep

import psycopg
import pytest
from django.db import connection

from callstore.eventlog.reading.feed import BEGINNING, feed
from tests.eventlog.tampering import await_feed, sql
from tests.ledger import publish

EVENTS = int(os.environ.get("TORTURE_EVENTS", 100_000))
WRITERS = 16
PAGE = 5_000
MONTH = "2099-01-01"
WRITE = f"""
INSERT INTO log.event (bucket, trace_id, subject, source, dedup_key, type, schema_version, occurred_at, clock,
  precision_ms, received_at, refs, facts, body, mac, row_sha)
SELECT '{MONTH}', gen_random_uuid(), 'twilio:CA', 'twilio', n::text, 'torture', 1, now(), 1,
  1, now(), '{{}}', '{{}}', '', sha256(''), sha256('') FROM generate_series(1, %s) AS n
"""
LAST_POSITION = "SELECT position FROM log.event_2099_01 WHERE position > %s ORDER BY position LIMIT %s"


@pytest.fixture
def month(transactional_db):
    """A partition for the torture alone, which is dropped with all its rows."""
    sql("SELECT log.ensure_month(%s)", MONTH)
    sql("CREATE INDEX torture ON log.event_2099_01 (position)")
    yield
    sql("DROP TABLE log.event_2099_01")


class Writers:
    """Commits events in transactions of 1 to 500, some slow, some in vain, until there are enough."""

    def __init__(self) -> None:
        self.committed = 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.write, args=(n,), daemon=True) for n in range(WRITERS)]

    def write(self, seed: int) -> None:
        chance = random.Random(seed)
        while self.committed < EVENTS:
            # A new connection every time one is killed: its transaction vanishes with it.
            with psycopg.connect(**connection.get_connection_params()) as own:
                while self.committed < EVENTS and self.transaction(own, chance):
                    pass

    def transaction(self, own: psycopg.Connection, chance: random.Random) -> bool:
        if chance.random() < 0.3:
            own.execute("SELECT pg_current_xact_id()")  # an early place in the feed, and late positions
        number = chance.randint(1, 500)
        own.execute(WRITE, [number])
        if chance.random() < 0.2:
            sleep(chance.random() * 0.01)
        fate = chance.random()
        if fate < 0.01:
            own.pgconn.finish()  # as a killed process would: without a word
            return False
        if fate < 0.05:
            own.rollback()
            return True
        own.commit()
        with self.lock:
            self.committed += number
        return True


class Reader(threading.Thread):
    """Reads pages until the writers are done and it has come to the end."""

    def __init__(self, page: Callable[[object], tuple[object, list[int]]], at: object, done: threading.Event):
        super().__init__()
        self.page, self.at, self.done = page, at, done
        self.seen = array("q")

    def run(self) -> None:
        while True:
            ending = self.done.is_set()
            self.at, positions = self.page(self.at)
            self.seen.extend(positions)
            if not positions:
                if ending:
                    break
                sleep(0.002)
        connection.close()


def page_of_feed(at):
    page = feed(at, PAGE)
    return (page[-1].at if page else at), [e.at.position for e in page if e.type == "torture"]


def page_by_position(at):
    positions = [position for (position,) in sql(LAST_POSITION, at, PAGE)]
    return (positions[-1] if positions else at), positions


def test_the_feed_loses_nothing_where_a_last_position_does(month):
    done = threading.Event()
    before = feed_end()
    reader, control = Reader(page_of_feed, before, done), Reader(page_by_position, 0, done)
    writers = Writers()
    started = monotonic()
    for thread in (reader, control, *writers.threads):
        thread.start()
    for thread in writers.threads:
        thread.join()
    took = monotonic() - started
    await_feed()
    done.set()
    reader.join()
    control.join()

    there = {position for (position,) in sql("SELECT position FROM log.event_2099_01")}
    lost = there - set(control.seen)
    rows = {
        "events committed": len(there),
        "events a second": round(len(there) / took),
        "feed: events lost": len(there - set(reader.seen)),
        "feed: events given twice": len(reader.seen) - len(set(reader.seen)),
        "control (last position): events lost": len(lost),
    }
    publish("The feed alone, sixteen writers", sql("SHOW server_version")[0][0], rows)
    assert len(there) == writers.committed >= EVENTS
    assert set(reader.seen) == there
    assert len(reader.seen) == len(there), "an event came twice"
    assert lost, "the torture was too gentle"


def feed_end():
    at = BEGINNING
    while page := feed(at, PAGE):
        at = page[-1].at
    return at
