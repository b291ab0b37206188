"""Threads' work for many: what waits while one batch is worked on is the next batch."""

import asyncio
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")
Read = TypeVar("Read")
Answer = TypeVar("Answer")

MOST = 100  # deliveries worked on at once; each waits for all of them
GATHER_S = 0.0005  # until whoever stands at the door is in: batches of sixteen cost half of those of six
HEAVY = 256 * 1024  # bytes of deliveries: with so many a batch is full


class Batcher(Generic[Item, Read, Answer]):
    """Calls `read` with all that was given since it was called last, then `keep` with what that made of it.

    Both answer each in its place and never raise. Of `threads` threads one reads at a time, for large batches
    cost less than small ones that compete for the interpreter; while it then keeps, which is waiting for the
    database, the next one reads. Who gives waits on one event loop. `weight` gives an item's bytes.
    """

    def __init__(
        self,
        read: Callable[[list[Item]], list[Read]],
        keep: Callable[[list[Read]], list[Answer]],
        threads: int = 2,
        weight: Callable[[Item], int] = lambda item: 0,
    ) -> None:
        self._read, self._keep, self._weight = read, keep, weight
        self._turn = threading.Lock()
        self._given: SimpleQueue[tuple[Item, asyncio.Future[Answer]]] = SimpleQueue()
        for number in range(threads):
            threading.Thread(target=self._run, daemon=True, name=f"doors-{number}").start()

    def __call__(self, item: Item) -> "asyncio.Future[Answer]":
        """What `keep` will answer."""
        made: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._given.put((item, made))
        return made

    @property
    def waiting(self) -> int:
        """How many wait for the next batch."""
        return self._given.qsize()

    def _run(self) -> None:
        while True:
            with self._turn:
                items, futures = zip(*self._batch(), strict=True)
                read = self._read(list(items))
            answers = self._keep(read)
            # One wake of the loop for all of them.
            futures[0].get_loop().call_soon_threadsafe(_answer, futures, answers)

    def _batch(self) -> list[tuple[Item, "asyncio.Future[Answer]"]]:
        taken = [self._given.get()]
        time.sleep(GATHER_S)
        bytes_ = self._weight(taken[0][0])
        try:
            while len(taken) < MOST and bytes_ < HEAVY:
                taken.append(self._given.get_nowait())
                bytes_ += self._weight(taken[-1][0])
        except Empty:
            pass
        return taken


def _answer(futures: "tuple[asyncio.Future[Answer], ...]", answers: list[Answer]) -> None:
    for future, answer in zip(futures, answers, strict=True):
        if not future.done():  # whoever waited may have been cancelled
            future.set_result(answer)
