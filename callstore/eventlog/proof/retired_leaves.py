"""What stays of events that went with their month: their places and digests, for the proof of all others."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from heapq import merge
from itertools import count, islice
from operator import itemgetter
from struct import Struct
from typing import NamedTuple, TypeAlias

from callstore.eventlog.db import locks
from callstore.eventlog.db.statement import run
from callstore.eventlog.reading.feed import BEGINNING, Cursor, parameters

SUBJECT = "log:retirements"  # of the events that tell of them
LEAF = Struct(">hQQ32s")  # epoch, xid, position, row_sha
TOGETHER = 2_000  # leaves in a row of log.retired: 100 KB
INSERT = """
INSERT INTO log.retired (no, part, to_epoch, to_xid, to_position, leaves)
VALUES (%s, %s, %s, %s::text::xid8, %s, %b) RETURNING 1
"""
PARTS = """
SELECT part, leaves FROM log.retired
WHERE no = %s AND part > %s AND (to_epoch, to_xid, to_position) > (%s, %s::text::xid8, %s)
ORDER BY part LIMIT 10
"""
UNFINISHED = "DELETE FROM log.retired WHERE no NOT IN (SELECT no FROM log.retirement) RETURNING 1"
ENTERED = """
SELECT no, to_char(month, 'YYYY-MM'), events, encode(digest, 'hex') FROM log.retirement ORDER BY no
"""
TOLD = """
SELECT (facts ->> 'no')::bigint, facts ->> 'month', (facts ->> 'events')::bigint, facts ->> 'digest'
FROM log.stream s JOIN log.event e USING (bucket, trace_id, subject)
WHERE s.subject = %s AND e.type = 'month.retired'
"""

Leaf: TypeAlias = tuple[Cursor, bytes]


class KeptLeaves(NamedTuple):
    """How many leaves were kept, their digest, and the place of the last."""

    events: int
    digest: bytes
    to: Cursor


class Retirement(NamedTuple):
    """A row of log.retirement; `month` as 2026-04, the digest in hex."""

    no: int
    month: str
    events: int
    digest: str


class Disturbed(Exception):
    """A proof or an export is under way, which a retirement would take the rows from."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """No month is retired within it; one that is about to be is waited for."""
    with locks.shared(locks.Lock.RETIRE):
        yield


@contextmanager
def alone() -> Iterator[None]:
    """One retirement at a time, and no proof or export meanwhile. Raises Disturbed."""
    with locks.alone(locks.Lock.RETIRE) as ours:
        if not ours:
            raise Disturbed("another retirement, a verify_log or an export_seals is under way")
        yield


def keep(no: int, leaves: Iterable[Leaf]) -> KeptLeaves:
    """Keep the leaves of retirement `no`, given in the order of the feed."""
    digest, events, to = hashlib.sha256(), 0, BEGINNING
    given = iter(leaves)
    for part in count():
        some = list(islice(given, TOGETHER))
        if not some:
            return KeptLeaves(events, digest.digest(), to)
        packed = b"".join(LEAF.pack(*at, row_sha) for at, row_sha in some)
        events, to = events + len(some), some[-1][0]
        digest.update(packed)
        run(INSERT, [no, part, *parameters(to), packed])
    raise AssertionError("count() has no end")


def clear() -> None:
    """Remove the leaves of retirements that were broken off before they were entered."""
    run(UNFINISHED, [])


def entered() -> list[Retirement]:
    """All retirements, the oldest first."""
    return [Retirement(*row) for row in run(ENTERED, [])]


def size() -> int:
    """How many events went."""
    return sum(retirement.events for retirement in entered())


def leaves(after: Cursor) -> Iterator[Leaf]:
    """The leaves behind a place, of all retirements, in the order of the feed."""
    return merge(*(_leaves(entry.no, after) for entry in entered()), key=itemgetter(0))


def _leaves(no: int, after: Cursor) -> Iterator[Leaf]:
    for packed in _parts(no, after):
        for *at, row_sha in LEAF.iter_unpack(packed):
            if (place := Cursor(*at)) > after:
                yield place, row_sha


def _parts(no: int, after: Cursor) -> Iterator[bytes]:
    last = -1
    while rows := run(PARTS, [no, last, *parameters(after)]):
        for last, packed in rows:  # noqa: B007  (the page after this one begins behind it)
            yield packed


def doubts() -> Iterator[str]:
    """A line for each retirement that is not told by an event, or whose leaves are not those it had."""
    told = {Retirement(*row) for row in run(TOLD, [SUBJECT])}
    for entry in entered():
        digest, events = hashlib.sha256(), 0
        for packed in _parts(entry.no, BEGINNING):
            digest.update(packed)
            events += len(packed) // LEAF.size
        if (events, digest.hexdigest()) != (entry.events, entry.digest):
            yield f"retirement {entry.no} ({entry.month}): its digests are not those that were kept"
        if entry not in told:
            yield f"retirement {entry.no} ({entry.month}): no event tells of it"
    for missing in sorted(told - set(entered())):
        yield f"retirement {missing.no} ({missing.month}) is told of, but missing"
