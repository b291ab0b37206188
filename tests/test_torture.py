"""From append to feed and read models under torture: real connections that dawdle, roll back and are killed.

Every committed fact must come through the feed once and stand in its call, however it got into the log.
A reader that remembers the last position runs beside as the control, and must lose: else this proves nothing.
"""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic, sleep
from uuid import UUID

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection, transaction

from callstore.domain.facts.record import Draft
from callstore.eventlog.reading.feed import BEGINNING, Cursor, feed
from callstore.eventlog.writing.append import append
from callstore.projection import projector
from callstore.projection.rebuild.diff import differences
from callstore.projection.rebuild.scope import Scope
from callstore.projection.worklist import heads
from tests.ledger import publish
from tests.projection.facts import rtc, said, sid, sql, status, traces_of

pytestmark = pytest.mark.django_db(transaction=True)

EVENTS = int(os.environ.get("TORTURE_EVENTS", "50000"))
WRITERS, PROJECTORS = 8, 2
LIVE = 40  # calls at a time, that all writers append to
CALL = 50  # facts of a call, more or less
KILLED_EVERY_S = 0.25
PAGE = 2_000
CHECKED = 200  # calls compared with a fresh fold; all are counted


class Torture:
    """What the threads share: the calls, the ledger, and whether it goes on."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.calls = [(sid(), rtc()) for _ in range(LIVE)]
        self.begun = list(self.calls)
        self.kept = 0  # facts whose append was answered
        self.ledger: Counter[str] = Counter()
        self.written, self.over = threading.Event(), threading.Event()
        self.errors: list[BaseException] = []

    def facts(self, chance: random.Random) -> list[Draft]:
        """Some facts of some live calls."""
        drafts = []
        for _ in range(chance.randint(1, 3)):
            leg, session = chance.choice(self.calls)
            drafts += [status(leg, "in-progress", at=chance.random()) for _ in range(chance.randint(1, 3))]
            drafts += [said(session, "some words", at=chance.random()) for _ in range(chance.randint(2, 20))]
        return drafts

    def keep(self, drafts: list[Draft]) -> None:
        """Note what was answered; now and then a call is over and another begins."""
        with self.lock:
            self.kept += len(drafts)
            while len(self.begun) - LIVE < self.kept // CALL:
                self.begun.append((sid(), rtc()))
                self.calls = self.begun[-LIVE:]
            if self.kept >= EVENTS:
                self.written.set()

    def thread(self, work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                self.errors.append(error)
                self.written.set()
                self.over.set()
            finally:
                connection.close()

        return threading.Thread(target=run, daemon=True)

    def survived(self, work: Callable[..., object], *arguments: object) -> bool:
        """False if the session was killed meanwhile; the next one is new."""
        try:
            work(*arguments)
        except (OperationalError, InterfaceError):
            self.ledger["sessions that found themselves killed"] += 1
            connection.close()
            return False
        return True


def write(torture: Torture, seed: int) -> None:
    chance = random.Random(seed)
    before: list[Draft] = []
    while not torture.written.is_set():
        drafts = torture.facts(chance)
        if chance.random() < 0.05:
            torture.survived(commit, torture, drafts, chance, True)
            continue
        # Nobody knows whether a commit whose session died took place: it is all appended again.
        while not torture.survived(commit, torture, drafts, chance):
            pass
        torture.keep(drafts)
        if before and chance.random() < 0.1:
            torture.survived(append, before)
            torture.ledger["facts sent twice"] += len(before)
        before = drafts


def commit(torture: Torture, drafts: list[Draft], chance: random.Random, in_vain: bool = False) -> None:
    if not in_vain and chance.random() < 0.5:
        append(drafts)
        return
    with transaction.atomic():
        if chance.random() < 0.3:
            sql("SELECT pg_current_xact_id()")  # an early place in the feed, and late positions
            sleep(chance.random() * 0.005)
        append(drafts)
        if chance.random() < 0.4:
            torture.ledger["slow commits"] += 1
            sleep(chance.random() * 0.01)
        if in_vain:
            torture.ledger["rollbacks"] += 1
            transaction.set_rollback(True)


def project(torture: Torture) -> None:
    while not torture.over.is_set():
        claimed: list[UUID] = []
        torture.survived(claim, claimed)
        if claimed:
            torture.survived(projector.project, claimed)
            torture.ledger["folds"] += len(claimed)
        else:
            sleep(0.005)


def claim(claimed: list[UUID]) -> None:
    claimed += [one.trace for one in heads.claim(20)]


class Reader:
    """Reads pages and never looks back, until it is over."""

    def __init__(
        self, torture: Torture, page: Callable[[object], tuple[object, list[int]]], at: object
    ) -> None:
        self.torture, self.page, self.at = torture, page, at
        self.seen: Counter[int] = Counter()

    def read(self) -> None:
        while not self.torture.over.is_set():
            if not self.torture.survived(self._read) or not self.came:
                sleep(0.002)

    def _read(self) -> None:
        self.came: list[int] = []
        self.at, self.came = self.page(self.at)
        self.seen.update(self.came)


def of_feed(at: Cursor) -> tuple[Cursor, list[int]]:
    page = feed(at, PAGE)
    return (page[-1].at if page else at), [entry.at.position for entry in page]


def by_position(at: int) -> tuple[int, list[int]]:
    rows = sql("SELECT position FROM log.event WHERE position > %s ORDER BY position LIMIT %s", at, PAGE)
    positions = [position for (position,) in rows]
    return (positions[-1] if positions else at), positions


def kill(torture: Torture) -> None:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        while not torture.written.wait(KILLED_EVERY_S):
            killed = own.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND application_name <> 'spared' ORDER BY random() LIMIT 1"
            )
            torture.ledger["sessions killed"] += killed.rowcount


def test_every_committed_fact_is_in_the_feed_once_and_in_its_call(monkeypatch):
    monkeypatch.setattr(heads, "LEASE_S", 1)  # what a killed projector held is waited for
    monkeypatch.setattr(heads, "LEASE_SPREAD_S", 1)
    sql("DELETE FROM log.head")
    sql("SET application_name = 'spared'")
    torture = Torture()
    [(last,)] = sql("SELECT coalesce(max(position), 0) FROM log.event")
    reader, control = Reader(torture, of_feed, end_of_feed()), Reader(torture, by_position, last)
    works = [lambda seed=seed: write(torture, seed) for seed in range(WRITERS)]
    works += [lambda: project(torture)] * PROJECTORS
    threads = [torture.thread(work) for work in (*works, reader.read, control.read, lambda: kill(torture))]
    began = monotonic()
    for thread in threads:
        thread.start()
    for thread in threads[:WRITERS]:
        thread.join()
    wrote = monotonic() - began
    there = {position for (position,) in sql("SELECT position FROM log.event WHERE position > %s", last)}
    until(lambda: torture.over.is_set() or len(reader.seen) == len(there))
    behind = "SELECT count(*) FROM log.head WHERE since IS NOT NULL"
    until(lambda: torture.over.is_set() or sql(behind) == [(0,)])
    torture.over.set()
    for thread in threads[WRITERS:]:
        thread.join()

    lost = there - control.seen.keys()
    tell(torture, there, reader, lost, wrote, monotonic() - began)
    assert not torture.errors, torture.errors
    assert len(there) == torture.kept >= EVENTS, (
        "what was answered is there once, what was rolled back is not"
    )
    assert reader.seen == Counter(there), "the feed lost an event or gave one twice"
    assert lost, "the torture was too gentle: the control lost nothing"
    assert counted() == (len(there), 0)
    some = traces_of(f"twilio:{leg}" for leg, _ in torture.begun[:: max(1, len(torture.begun) // CHECKED)])
    assert list(differences(Scope(only=tuple(sorted(some))), lambda _: None)) == []


def counted() -> tuple[int, int]:
    """How many facts the read models have, and how many calls have another number than the log."""
    return sql(
        "SELECT sum(c.event_count), count(*) FILTER (WHERE c.event_count <> h.version OR h.done <> h.version)"
        " FROM log.head h LEFT JOIN call c ON c.call_id = h.trace_id"
    )[0]


def tell(
    torture: Torture, there: set[int], reader: Reader, lost: set[int], wrote: float, took: float
) -> None:
    rows = {
        "facts committed": len(there),
        "facts answered": torture.kept,
        "calls": len(torture.begun),
        **dict(sorted(torture.ledger.items())),
        "feed: events lost": len(there - reader.seen.keys()),
        "feed: events given twice": sum(n > 1 for n in reader.seen.values()),
        "read models: facts missing": len(there) - (counted()[0] or 0),
        "control (last position): events lost": len(lost),
        "seconds writing": wrote,
        "seconds until all was projected": took,
    }
    publish("Tortured from append to read models", sql("SHOW server_version")[0][0], rows)


def end_of_feed() -> Cursor:
    at = BEGINNING
    while page := feed(at, PAGE):
        at = page[-1].at
    return at


def until(condition: Callable[[], bool], seconds: float = 600) -> None:
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "it did not come about in time"
        sleep(0.05)
