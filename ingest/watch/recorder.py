"""Brings what was observed into the log: what waits while one batch is appended is the next batch."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import orjson
from django.db import Error, connection

from callstore.base.seldom import Seldom
from callstore.eventlog.crypto.keys import WrongLogKey
from callstore.eventlog.writing.append import append
from ingest.dialects.app import bodies
from ingest.providers.delivery import Delivery
from ingest.watch.observed import Element

log = logging.getLogger(__name__)

MOST = 500  # elements a batch: a tenth of a second's work
# Elements that wait for the database: with more, sockets are read no further, and their senders wait as well.
HELD = 20_000
# An append that takes longer meets a database that is away, or as good as that.
PATIENCE_S = 2.0
AGAIN_S = 1.0

Spool = Callable[[Delivery], None]  # keeps a delivery on disk, or raises OSError


class Recorder:
    """Appends elements in the order in which they were put, from one thread.

    Where Postgres is away they go to the spool, if there is one; where there is none, or none has room, they
    wait.
    """

    def __init__(self, spool: Spool | None = None) -> None:
        self._spool = spool
        self._waiting: deque[Element] = deque()
        self._put, self._progress = asyncio.Event(), asyncio.Condition()
        self._given = self._kept = 0  # elements, ever
        self._thread = ThreadPoolExecutor(1, "recorder")
        self._away_until = 0.0
        self._seldom = Seldom()

    def put(self, *elements: Element) -> None:
        """Have these kept soon."""
        self._waiting += elements
        self._given += len(elements)
        self._put.set()

    @property
    def held(self) -> int:
        """How many elements wait, those on their way included."""
        return self._given - self._kept

    async def room(self) -> None:
        """Return when there is room for another one."""
        if self.held >= HELD:
            async with self._progress:
                await self._progress.wait_for(lambda: self.held < HELD)

    async def flush(self) -> None:
        """Return when all that was put so far is kept."""
        given = self._given
        async with self._progress:
            await self._progress.wait_for(lambda: self._kept >= given)

    async def run(self) -> None:
        """Keep what is put, until cancelled."""
        while True:
            await self._put.wait()
            self._put.clear()
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
                while not await self._keep(batch):
                    await asyncio.sleep(AGAIN_S)
                self._kept += len(batch)
                async with self._progress:
                    self._progress.notify_all()

    async def _keep(self, batch: Sequence[Element]) -> bool:
        """Whether the batch is kept, in the log or in the spool."""
        loop = asyncio.get_running_loop()
        if self._spool is None or time.monotonic() >= self._away_until:
            appending = loop.run_in_executor(self._thread, self._append, batch)
            # Without a spool there is nothing to do but wait.
            done, _ = await asyncio.wait([appending], timeout=None if self._spool is None else PATIENCE_S)
            if done and appending.result():
                return True
            # To append again what was appended adds nothing: the fact has its key.
            self._thread = self._thread if done else ThreadPoolExecutor(1, "recorder")
            self._away_until = time.monotonic() + PATIENCE_S
        return self._spool is not None and await loop.run_in_executor(None, self._to_spool, batch)

    def _append(self, batch: Sequence[Element]) -> bool:
        drafts = bodies.of_elements(batch, time.time()).drafts
        for last_try in (False, True):  # the pool may hand out a connection that a restart has closed
            try:
                append(drafts)
                return True
            except (Error, WrongLogKey) as error:
                connection.close()
                if last_try and (times := self._seldom.due(str(type(error)))):
                    log.error("the log takes nothing of what is observed (%d times): %s", times, error)
        return False

    def _to_spool(self, batch: Sequence[Element]) -> bool:
        assert self._spool
        try:
            self._spool(delivery_of(batch))
        except OSError as error:
            if times := self._seldom.due("spool"):
                log.error("nor does the spool (%d times): %s", times, error)
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
