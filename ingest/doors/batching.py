"""Threads' work for many: what waits while one batch is worked on is the next batch."""

import asyncio
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MOST = 100  # deliveries worked on at once; each waits for all of them
GATHER_S = 0.0005  # until whoever stands at the door is in: batches of sixteen cost half of those of six
HEAVY = 256 * 1024  # bytes of deliveries: with so many a batch is full
PATIENCE_S = 0.02  # how long one thread's batch may take before the next is begun beside it


class Batcher(Generic[Item, Answer]):
    """Calls `work` with all that was given since it was called last, by `threads` threads in turn.

    `work` answers each in its place and never raises. The threads take turns, for large batches cost less
    than two small ones that compete for the interpreter; where a turn takes longer than PATIENCE_S, since its
    batch waits for the database, the next begins. Who gives waits on one event loop. `weight` gives an
    item's bytes.
    """

    def __init__(
        self,
        work: Callable[[list[Item]], list[Answer]],
        threads: int = 2,
        weight: Callable[[Item], int] = lambda item: 0,
    ) -> None:
        self._work, self._weight = work, weight
        self._turn = threading.Lock()
        self._given: SimpleQueue[tuple[Item, asyncio.Future[Answer]]] = SimpleQueue()
        for number in range(threads):
            threading.Thread(target=self._run, daemon=True, name=f"doors-{number}").start()

    def __call__(self, item: Item) -> "asyncio.Future[Answer]":
        """What `work` will answer."""
        made: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._given.put((item, made))
        return made

    @property
    def waiting(self) -> int:
        """How many wait for the next batch."""
        return self._given.qsize()

    def _run(self) -> None:
        while True:
            first = self._given.get()
            mine = self._turn.acquire(timeout=PATIENCE_S)
            items, futures = zip(*self._batch(first), strict=True)
            answers = self._work(list(items))
            if mine:
                self._turn.release()
            # One wake of the loop for all of them.
            futures[0].get_loop().call_soon_threadsafe(_settle, futures, answers)

    def _batch(
        self, first: tuple[Item, "asyncio.Future[Answer]"]
    ) -> list[tuple[Item, "asyncio.Future[Answer]"]]:
        taken = [first]
        time.sleep(GATHER_S)
        bytes_ = self._weight(taken[0][0])
        try:
            while len(taken) < MOST and bytes_ < HEAVY:
                taken.append(self._given.get_nowait())
                bytes_ += self._weight(taken[-1][0])
        except Empty:
            pass
        return taken


def _settle(futures: "tuple[asyncio.Future[Answer], ...]", answers: list[Answer]) -> None:
    for future, answer in zip(futures, answers, strict=True):
        if not future.done():  # whoever waited may have been cancelled
            future.set_result(answer)
