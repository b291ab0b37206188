"""Seals, and if asked the digests of their events, as plain values for a check elsewhere."""

from collections.abc import Iterator
from heapq import merge
from operator import itemgetter
from typing import Any

from callstore.eventlog.proof import retired_leaves, seals
from callstore.eventlog.proof.retired_leaves import Leaf
from callstore.eventlog.proof.seals import BEFORE_ALL, Seal
from callstore.eventlog.reading.feed import Cursor, feed

PAGE = 5_000


def lines(after: int = 0, *, events: bool = False) -> Iterator[dict[str, Any]]:
    """A value for each seal behind number `after`, before it one for each of its events if `events`."""
    with retired_leaves.undisturbed():
        yield from _lines(after, events)


def _lines(after: int, events: bool) -> Iterator[dict[str, Any]]:
    before = next(seals.since(after - 1), BEFORE_ALL) if after else BEFORE_ALL
    leaves = _leaves(before.to) if events else iter(())
    leaf = next(leaves, None)
    for seal in seals.since(after):
        while leaf and leaf[0] <= seal.to:
            yield {"at": list(leaf[0]), "row_sha": leaf[1].hex()}
            leaf = next(leaves, None)
        yield _seal(seal)


def _leaves(after: Cursor) -> Iterator[Leaf]:
    """Place and digest of every event behind a place, of those, too, that went with their month."""
    return merge(_leaves_in_the_log(after), retired_leaves.leaves(after), key=itemgetter(0))


def _leaves_in_the_log(after: Cursor) -> Iterator[Leaf]:
    while page := feed(after, PAGE):
        yield from ((entry.at, entry.row_sha) for entry in page)
        after = page[-1].at


def _seal(seal: Seal) -> dict[str, Any]:
    return {
        "seal": seal.no,
        "to": list(seal.to),
        "n": seal.n,
        "sealed_at": seals.spelled(seal.sealed_at),
        "root": seal.root.hex(),
        "prev": seal.prev.hex(),
        "this": seal.this.hex(),
    }
