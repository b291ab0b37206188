"""Seals, and if asked the digests of their events, as plain values for a check elsewhere."""

from collections.abc import Iterator
from typing import Any

from callstore.eventlog import seals
from callstore.eventlog.feed import Cursor, feed
from callstore.eventlog.seals import BEFORE_ALL, Seal

PAGE = 5_000


def lines(after: int = 0, *, events: bool = False) -> Iterator[dict[str, Any]]:
    """A value for each seal behind number `after`, before it one for each of its events if `events`."""
    before = next(seals.since(after - 1), BEFORE_ALL) if after else BEFORE_ALL
    for seal in seals.since(after):
        if events:
            yield from _events(before.to, seal.to)
        yield _seal(seal)
        before = seal


def _events(after: Cursor, to: Cursor) -> Iterator[dict[str, Any]]:
    while page := feed(after, PAGE):
        for entry in page:
            if entry.at > to:
                return
            yield {"at": list(entry.at), "row_sha": entry.row_sha.hex()}
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
