"""Brings what was observed into the log: what waits while one batch is kept is the next batch."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import orjson
from django.db import connection

from callstore.base.seldom import Seldom
from ingest.dialects.app import bodies
from ingest.providers.delivery import Delivery
from ingest.spool.keep import Verified, keep
from ingest.spool.spool import SpoolFull
from ingest.watch.observed import Element

log = logging.getLogger(__name__)

MOST = 1000  # elements a batch: of one that has many of each session, a row costs Postgres less
# Elements that wait: with more, sockets are read no further, and their senders wait as well.
HELD = 20_000
AGAIN_S = 1.0


class Recorder:
    """Keeps elements in two lanes: one makes rows while the other waits for the database.

    What is told of one session is kept in the order in which it was put. Where Postgres is away all goes to
    the spool, as deliveries do; where that has no room it waits.
    """

    def __init__(self) -> None:
        self._lanes = [Lane(), Lane()]

    def put(self, *elements: Element) -> None:
        """Have these, all of one session, kept soon."""
        if elements:
            self._lanes[hash(elements[0]["subject"]) % len(self._lanes)].put(elements)

    @property
    def held(self) -> int:
        """How many elements wait, those on their way included."""
        return sum(lane.held for lane in self._lanes)

    async def room(self) -> None:
        """Return when there is room for another one."""
        for lane in self._lanes:
            await lane.until(lane.kept + lane.held - HELD // len(self._lanes))

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
        self._waiting: deque[Element] = deque()
        self._put, self._progress = asyncio.Event(), asyncio.Condition()
        self._thread = ThreadPoolExecutor(1, "recorder")
        self._seldom = Seldom()

    def put(self, elements: Sequence[Element]) -> None:
        self._waiting += elements
        self.held += len(elements)
        self._put.set()

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
                batch = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
                while not await loop.run_in_executor(self._thread, self._keep, batch):
                    await asyncio.sleep(AGAIN_S)
                self.kept += len(batch)
                self.held -= len(batch)
                async with self._progress:
                    self._progress.notify_all()

    def close(self) -> None:
        self._thread.submit(lambda: connection.close())  # the thread's own, not ours
        self._thread.shutdown(wait=False)

    def _keep(self, batch: Sequence[Element]) -> bool:
        """Whether the batch is kept, in the log or in the spool."""
        delivery = delivery_of(batch)
        try:
            keep([Verified(delivery, bodies.of_elements(batch, delivery.received_at))])
        except SpoolFull as full:
            if times := self._seldom.due("full"):
                log.critical("what is observed waits (%d times): %s", times, full)
            return False
        return True


def delivery_of(batch: Sequence[Element]) -> Delivery:
    """The batch as a forwarder would have brought it."""
    return Delivery(
        door="app",
        path="/hooks/app/",
        headers={"content-type": "application/cloudevents-batch+json"},
        body=orjson.dumps(batch),
        received_at=time.time(),
    )
