"""Brings what was observed into the log: what waits while one batch is kept is the next batch."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from django.db import connection

from callstore.base import counts
from callstore.base.seldom import Seldom
from callstore.eventlog.crypto.keys import WrongLogKey
from ingest.dialects.app import bodies
from ingest.dialects.parsed import ParsedDelivery
from ingest.providers.delivery import Delivery
from ingest.spool.keep import Verified, keep
from ingest.spool.spool import SpoolFull
from ingest.watch.observed import Kept
from ingest.watch.pieces import Pieces

log = logging.getLogger(__name__)

# Elements a batch. One that has many of each session costs Postgres a row less, and keeps the others waiting.
MOST = 250
# Elements that wait: with more, sockets are read no further, and their senders wait as well.
HELD = 20_000
# Of a few kB they are what is expected; what is larger is counted in bytes, too, and so many wait in a lane.
SMALL, ROOM = 4 * 1024, 32 * 1024 * 1024
LANES = 2
AGAIN_S = 1.0


class Speaker(Protocol):
    """Who can be told to say no more for a while."""

    def hold(self) -> None: ...
    def go_on(self) -> None: ...


class Recorder:
    """Keeps elements in two lanes: one makes rows while the other waits for the database.

    What is told of one session is kept in the order in which it was put. Where Postgres is away all goes to
    the spool, as deliveries do; where that has no room it waits.
    """

    def __init__(self) -> None:
        self._lanes = [Lane() for _ in range(LANES)]

    def lane(self, subject: str) -> "Lane":
        """Where all that is told of this session waits in its order."""
        return self._lanes[hash(subject) % len(self._lanes)]

    @property
    def held(self) -> int:
        """How many elements wait, those on their way included."""
        return sum(lane.held for lane in self._lanes)

    async def flush(self) -> None:
        """Return when all that was put so far is kept."""
        for lane in self._lanes:
            await lane.until(lane.kept + lane.held)

    async def run(self) -> None:
        """Keep what is put, until cancelled."""
        await asyncio.gather(*(lane.run() for lane in self._lanes))

    def close(self) -> None:
        """Give our connections of the database back, once nothing is kept any more."""
        for lane in self._lanes:
            lane.close()


class Lane:
    """What waits, and the thread that keeps it. `kept` and `held` count elements: ever, and now."""

    def __init__(self) -> None:
        self.kept = self.held = 0
        self._waiting: deque[Kept] = deque()
        self._large: deque[tuple[int, int]] = deque()  # of what is: `kept` when it will be, and its bytes
        self._bytes = 0  # of these
        self._holding: set[Speaker] = set()
        self._put, self._progress = asyncio.Event(), asyncio.Condition()
        self._thread = ThreadPoolExecutor(1, "recorder")
        self._seldom = Seldom()

    def put(self, *told: Kept, size: int = 0) -> None:
        """Have these kept soon; `size` are the bytes in which they were told."""
        if told:
            self._waiting += told
            self.held += len(told)
            if size > SMALL:
                self._large.append((self.kept + self.held, size))
                self._bytes += size
            self._put.set()

    @property
    def is_full(self) -> bool:
        """Whether whoever puts more is to be held."""
        return self.held > HELD // LANES or self._bytes > ROOM

    def hold(self, speaker: Speaker) -> None:
        """Hold who speaks until there is room for more."""
        speaker.hold()
        self._holding.add(speaker)

    def _let_go_on(self) -> None:
        if self._holding and not self.is_full:
            for speaker in self._holding:
                speaker.go_on()
            self._holding.clear()

    async def until(self, kept: int) -> None:
        """Return when so many are kept."""
        if self.kept < kept:
            async with self._progress:
                await self._progress.wait_for(lambda: self.kept >= kept)

    async def run(self) -> None:
        """Keep what is put, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._put.wait()
            self._put.clear()
            while self._waiting:
                batch = [self._take() for _ in range(min(MOST, len(self._waiting)))]
                while not await loop.run_in_executor(self._thread, self._keep, batch):
                    await asyncio.sleep(AGAIN_S)
                counts.add("watch.events", len(batch))
                self.kept += len(batch)
                self.held -= len(batch)
                while self._large and self._large[0][0] <= self.kept:
                    self._bytes -= self._large.popleft()[1]
                self._let_go_on()
                async with self._progress:
                    self._progress.notify_all()

    def _take(self) -> Kept:
        first = self._waiting.popleft()
        if isinstance(first, Pieces):
            first.taken = True
        return first

    def close(self) -> None:
        """Give the thread's connection of the database back."""
        self._thread.submit(lambda: connection.close())  # the thread's own, not ours
        self._thread.shutdown(wait=False)

    def _keep(self, batch: Sequence[Kept]) -> bool:
        """Whether the batch is kept, in the log or in the spool."""
        elements = [each.element() if isinstance(each, Pieces) else each for each in batch]
        received_at = time.time()
        parsed = bodies.of_elements(elements, received_at)
        try:
            keep([Verified(delivery_of(parsed, received_at), parsed)])
        except (SpoolFull, WrongLogKey) as why:
            if times := self._seldom.due(type(why).__name__):
                log.critical("what is observed waits (%d times): %s", times, why)
            return False
        return True


def delivery_of(parsed: ParsedDelivery, received_at: float) -> Delivery:
    """A batch as a forwarder would have brought it: of each element the fact holds the text already."""
    texts = [drafts[0].raw for drafts in parsed.elements]
    return Delivery(
        door="app",
        path="/hooks/app/",
        headers={"content-type": "application/cloudevents-batch+json"},
        body=b"[" + b",".join(texts) + b"]",
        received_at=received_at,
    )
