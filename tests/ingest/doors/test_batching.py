"""One thread's work for many."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from ingest.doors.batching import Batcher


def test_everybody_gets_what_was_made_of_their_own():
    together = Batcher(lambda given: [number * 2 for number in given])
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(together, range(1000))) == [number * 2 for number in range(1000)]


def test_what_waits_while_a_batch_is_worked_on_is_the_next_batch():
    began, go_on, batches = threading.Event(), threading.Event(), []

    def work(given):
        batches.append(sorted(given))
        began.set()
        go_on.wait(10)
        return given

    together = Batcher(work, threads=1)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(together, 1)
        assert began.wait(10)
        others = [threads.submit(together, number) for number in (2, 3, 4)]
        while together.waiting < 3:
            time.sleep(0.001)
        go_on.set()
        assert [future.result(10) for future in (first, *others)] == [1, 2, 3, 4]
    assert batches == [[1], [2, 3, 4]]
