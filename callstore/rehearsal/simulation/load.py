"""Many told calls: one at a time, straight into the log, and by several processes."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random
from typing import NamedTuple

from callstore.domain.facts.record import Draft
from callstore.eventlog.writing.append import append
from callstore.projection.rebuild.workers import pool
from callstore.rehearsal.simulation.day import moments
from callstore.rehearsal.simulation.story import (
    ACCOUNT,
    AS_MOSTLY,
    LONGEST_STORY_S,
    Manner,
    SimulatedCall,
    story,
)
from ingest.providers.provider import normalise

BATCH_OF = 2000  # drafts in one append
AT_ONCE = 20  # calls that a process tells and appends before it says so


class Size(NamedTuple):
    """Of how many deliveries a call was told, and how many events of it are new in the log."""

    deliveries: int
    events: int


class Piece(NamedTuple):
    """Some of many calls: their numbers, each with the moment of its beginning, and how they are told."""

    begun: list[tuple[int, float]]
    seed: str
    truncated: float | None
    account: str
    manner: Manner


def calls(
    count: int,
    *,
    seed: str,
    hours: float = 0.0,
    truncated: float | None = None,
    account: str = ACCOUNT,
    manner: Manner = AS_MOSTLY,
) -> Iterator[SimulatedCall]:
    """So many calls, one after the other, spread over the last hours; this share of them cut off.

    Without `truncated` as many as there mostly are. The same seed gives the same ids and words.
    """
    for piece in pieces(count, seed=seed, hours=hours, truncated=truncated, account=account, manner=manner):
        yield from told(piece)


def pieces(
    count: int, *, seed: str, hours: float, truncated: float | None, account: str, manner: Manner
) -> Iterator[Piece]:
    """The same calls, in pieces that can be told apart from each other."""
    until = time.time() - LONGEST_STORY_S
    begun = enumerate(moments(count, until, hours, Random(seed)))
    while some := list(islice(begun, AT_ONCE)):
        yield Piece(some, seed, truncated, account, manner)


def told(piece: Piece) -> Iterator[SimulatedCall]:
    """The calls of a piece, one after the other."""
    for number, at in piece.begun:
        rng = source(piece.seed, number)
        cut = None if piece.truncated is None else rng.random() < piece.truncated
        yield story(rng, at, cut, piece.account, piece.manner)


def source(seed: str, number: int) -> Random:
    """What the call of this number is told from."""
    return Random(f"{seed}:{number}")


def paced(told: Iterable[SimulatedCall], rate: float | None) -> Iterator[SimulatedCall]:
    """No more than `rate` of them a second."""
    began = time.monotonic()
    for number, call in enumerate(told):
        if rate:
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
        yield call


def appended_by(processes: int, some: Iterable[Piece]) -> Iterator[Size]:
    """Puts the calls of pieces into the log, by so many processes; yields the size of each call."""
    with pool(processes) as spread:
        for sizes in spread(_append_piece, some):
            yield from sizes


def _append_piece(piece: Piece) -> list[Size]:
    return list(appended(told(piece)))


def appended(told: Iterable[SimulatedCall]) -> Iterator[Size]:
    """Puts calls into the log, many in one append; yields the size of each call."""
    drafts: list[Draft] = []
    sizes: list[tuple[int, int]] = []  # deliveries and drafts of each call
    for call in told:
        # What has not arrived yet (a summary comes minutes after the end) has not happened.
        due = [d for d in call.deliveries if d.received_at <= time.time()]
        new = [draft for delivery in due for draft in normalise(delivery)]
        drafts += new
        sizes.append((len(due), len(new)))
        if len(drafts) >= BATCH_OF:
            yield from _sizes(sizes, append(drafts))
            drafts, sizes = [], []
    yield from _sizes(sizes, append(drafts))


def _sizes(sizes: list[tuple[int, int]], positions: list[int | None]) -> Iterator[Size]:
    kept = iter(position is not None for position in positions)
    for deliveries, drafts in sizes:
        yield Size(deliveries, sum(islice(kept, drafts)))
