"""The PyPI library `eventsourcing` with its recorders for Postgres, as it comes, beside ours.

Rows are ready to be stored, as many bytes on both sides; from facts they are made on the way, ours with keys,
ciphers and digests. Its runner projects an event at a time into a count for each call; ours folds and judges
calls, twenty at a time, into the read models.
"""

# ruff: noqa: E402 -- Django is set up before anything that needs it is imported

import secrets
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import count, islice
from multiprocessing import get_context
from typing import Any
from uuid import UUID, uuid4

import django

django.setup()

from eventsourcing.persistence import StoredEvent

from benchmarks.harness.cluster import as_owner
from benchmarks.harness.compare import demanded, interleaved, ratio, table
from benchmarks.peers import library as peer
from benchmarks.traffic.callbacks import callback
from benchmarks.traffic.calls import copies, stories
from callstore.domain.call.fold import fold
from callstore.domain.facts.record import Draft
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading import bulk, feed
from callstore.eventlog.reading.cache import FactCache
from callstore.eventlog.writing.append import append, keep, rows_of
from callstore.eventlog.writing.homes import homes_of
from callstore.projection import projector
from ingest.providers.provider import normalise

ROUNDS = 5
WRITERS = 4
SIZE, EACH = 100, 20  # events in a batch, and of each of its calls
EVENTS = {1: 3_000, SIZE: 10_000}  # appended in a measurement, by the size of the batch
LONGEST_S = 1.0  # where commits are slow, fewer are
STATE = 1_000  # bytes of a stored event's state
CALLS, LENGTH, TOGETHER = 100, 50, 20  # read and projected: calls, their events, calls a task
READ, PAGE = 20_000, 1_000  # events read in order, so many at a time
TABLE = "appends"  # the name of an application of theirs that only appends
THEIRS, OURS = "eventsourcing", "callstore"


def main() -> None:
    as_owner(f"CREATE SCHEMA {peer.SCHEMA} AUTHORIZATION CURRENT_USER")
    as_owner(f"GRANT ALL ON SCHEMA {peer.SCHEMA} TO PUBLIC")
    peer.recorder(TABLE)  # makes it
    rows: list[list[object]] = []

    def compared(
        what: str, theirs: Callable[[], float], ours: Callable[[], float], least: float | None = None
    ) -> None:
        found = interleaved({THEIRS: theirs, OURS: ours}, ROUNDS)
        times = ratio(found[OURS], found[THEIRS])
        rows.append([what, *map(statistics.median, (found[THEIRS], found[OURS])), times])
        if least is not None:
            demanded(f"{what}, to the library", times, least=least)

    with ProcessPoolExecutor(WRITERS, get_context("spawn"), peer.one_of_many) as pool:

        def many(writer: Callable[[int], float]) -> float:
            return sum(pool.map(writer, [1] * WRITERS))

        many(their_rows), many(our_rows)  # until all have begun
        compared("append one", partial(their_rows, 1), partial(our_rows, 1), 2.5)
        compared(f"append one, {WRITERS} processes", partial(many, their_rows), partial(many, our_rows))
    compared(f"append {SIZE}", partial(their_rows, SIZE), partial(our_rows, SIZE), 1.5)
    compared(f"append {SIZE}, from facts", their_facts, our_facts)
    ids, traces = peer.told(CALLS, LENGTH), told()
    compared("read and fold a call", partial(their_calls, ids), partial(our_calls, traces))
    compared("read in order", their_feed, our_feed)
    compared("project", partial(peer.projected, TOGETHER, LENGTH), partial(projected, traces), 10)
    table(["events/s", THEIRS, OURS, "ratio"], rows)


def their_rows(size: int) -> float:
    """Events a second, so many in each commit."""
    recorder, state = peer.recorder(TABLE), secrets.token_bytes(STATE)
    ids = [uuid4() for _ in range(max(1, size // EACH))]
    events = (StoredEvent(id_, version, "calls:Told", state) for version in count(1) for id_ in ids)
    return _rate((list(islice(events, size)) for _ in count()), recorder.insert_events, size)


def our_rows(size: int) -> float:
    return _rate([rows_of(batch, homes_of(batch)) for batch in _batches(size)], keep, size)


def their_facts() -> float:
    """Events that the application makes of what it is told, a hundred in each commit."""
    calls = [peer.Call() for _ in range(SIZE // EACH)]
    ahead = (peer.lengthened(calls, EACH) for _ in count())
    return _rate(ahead, lambda saved: peer.app(peer.Appended).save(*saved), SIZE)


def our_facts() -> float:
    return _rate(_batches(SIZE), append, SIZE)


def _batches(size: int) -> list[list[Draft]]:
    """Callbacks of one call, or of five in turn, until the next begin."""
    drafts: list[Draft] = []
    while len(drafts) < EVENTS[size]:
        sids = [f"CA{secrets.token_hex(16)}" for _ in range(max(1, size // EACH))]
        drafts += (d for n in range(LENGTH) for sid in sids for d in normalise(callback(sid, n)))
    return [drafts[at : at + size] for at in range(0, EVENTS[size], size)]


def _rate(ahead: Iterable[Any], work: Callable[[Any], object], size: int) -> float:
    """Events a second, by the time that the work took; what it is given is made meanwhile."""
    took, done = 0.0, 0
    for given in islice(ahead, EVENTS[size] // size):
        started = time.perf_counter()
        work(given)
        took, done = took + time.perf_counter() - started, done + size
        if took > LONGEST_S:
            break
    return done / took


def told() -> list[UUID]:
    """Calls of so many events in our log; the traces of all."""
    long = [call for call in stories() if len(call) >= LENGTH]
    for call in islice(copies(long), CALLS):
        append(call[:LENGTH])
    return [trace for (trace,) in run("SELECT trace_id FROM log.head ORDER BY since DESC LIMIT %s", [CALLS])]


def their_calls(ids: Sequence[UUID]) -> float:
    started = time.perf_counter()
    events = sum(peer.app(peer.Calls).repository.get(id_).version for id_ in ids)
    return events / (time.perf_counter() - started)


def our_calls(traces: Sequence[UUID]) -> float:
    started = time.perf_counter()
    events = sum(fold(bulk.by_trace([trace])[trace]).event_count for trace in traces)
    return events / (time.perf_counter() - started)


def their_feed() -> float:
    recorder, events, at, started = peer.recorder(TABLE), 0, 0, time.perf_counter()
    while events < READ and (page := recorder.select_notifications(at, PAGE, inclusive_of_start=False)):
        events, at = events + len(page), page[-1].id
    return events / (time.perf_counter() - started)


def our_feed() -> float:
    events, at, started = 0, feed.BEGINNING, time.perf_counter()
    while events < READ and (page := feed.feed(at, PAGE)):
        events, at = events + len(page), page[-1].at
    return events / (time.perf_counter() - started)


def projected(traces: Sequence[UUID]) -> float:
    projector.RECENT = FactCache(60_000)  # nothing is remembered from the round before
    versions = run("SELECT version FROM log.head WHERE trace_id = ANY(%b)", [traces])
    events: int = sum(count for (count,) in versions)
    started = time.perf_counter()
    for at in range(0, len(traces), TOGETHER):
        projector.project(traces[at : at + TOGETHER], replay=True)
    return events / (time.perf_counter() - started)
