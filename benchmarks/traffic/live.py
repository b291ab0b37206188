"""Live calls, whose events come one by one, in turn: the writer of projection_lag, a process of its own."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from callstore.domain.facts.record import Draft

THREADS = 4


def write(kept: Any, calls: int, seconds: float, rate: float | None) -> None:
    """Append for so long, `rate` events a second or all it can; puts (trace, version, moment) of each."""
    import django

    django.setup()
    from benchmarks.traffic.calls import copies, stories

    told = stories(30)
    writers = [Writer(copies(told), calls // THREADS, kept) for _ in range(THREADS)]
    ends = time.monotonic() + seconds
    threads = [threading.Thread(target=one.run, args=(ends, rate and rate / THREADS)) for one in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Writer:
    """Some calls under way, each at another of its events; when one is over the next begins."""

    def __init__(self, ahead: Iterator[list[Draft]], calls: int, kept: Any) -> None:
        self.ahead, self.kept = ahead, kept
        begun = [next(ahead) for _ in range(calls)]
        self.calls = deque(deque(call[len(call) * n // calls :]) for n, call in enumerate(begun))
        self.versions: dict[UUID, int] = {}

    def run(self, ends: float, rate: float | None) -> None:
        number, started = 0, time.monotonic()
        while (now := time.monotonic()) < ends:
            if rate and (due := started + number / rate) > now:
                time.sleep(due - now)
            number += self.append_one()

    def append_one(self) -> bool:
        """False where the event was a duplicate, or of no call."""
        from callstore.eventlog.writing import homes
        from callstore.eventlog.writing.append import append

        if not self.calls[0]:
            self.calls[0] = deque(next(self.ahead))
        draft = self.calls[0].popleft()
        self.calls.rotate(-1)
        if append([draft]) == [None] or not draft.is_of_a_call:
            return False
        trace = homes.home_of(draft).trace
        self.versions[trace] = version = self.versions.get(trace, 0) + 1
        self.kept.put((trace, version, time.monotonic()))
        return True
