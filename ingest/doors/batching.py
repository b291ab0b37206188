"""One thread's work for many: what waits while one batch is worked on is the next batch."""

import threading
import time
from _thread import allocate_lock
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MOST = 100  # deliveries worked on at once; each waits for all of them


class _Entry(Generic[Item, Answer]):
    """What one thread gave, and what was made of it."""

    made: Answer

    def __init__(self, given: Item) -> None:
        self.given = given
        self.settled = allocate_lock()  # an Event costs ten times as much
        self.settled.acquire()


class Batcher(Generic[Item, Answer]):
    """Calls `work` with all that was given since it was called last, by `threads` threads in turn.

    `work` answers each in its place and never raises. Two threads: one works while the other waits for the
    database.
    """

    def __init__(self, work: Callable[[list[Item]], list[Answer]], threads: int = 2) -> None:
        self._work = work
        self._given: SimpleQueue[_Entry[Item, Answer]] = SimpleQueue()
        for number in range(threads):
            threading.Thread(target=self._run, daemon=True, name=f"together-{number}").start()

    def __call__(self, given: Item) -> Answer:
        wish: _Entry[Item, Answer] = _Entry(given)
        self._given.put(wish)
        wish.settled.acquire()
        return wish.made

    @property
    def waiting(self) -> int:
        """How many wait for the next batch."""
        return self._given.qsize()

    def _run(self) -> None:
        while True:
            wishes = self._next_batch()
            for wish, made in zip(wishes, self._work([wish.given for wish in wishes]), strict=True):
                wish.made = made
                wish.settled.release()

    def _next_batch(self) -> list[_Entry[Item, Answer]]:
        taken = [self._given.get()]
        # Lets in whoever stands at the door: larger batches took a sixth less CPU for each delivery.
        time.sleep(0)
        try:
            while len(taken) < MOST:
                taken.append(self._given.get_nowait())
        except Empty:
            pass
        return taken
