"""Threads' work for many who wait on a loop."""

import asyncio
import threading

from ingest.doors.batching import Batcher


def test_everybody_gets_what_was_made_of_their_own():
    batcher = Batcher(lambda given: [number * 2 for number in given])

    async def ask():
        return await asyncio.gather(*(batcher(number) for number in range(1000)))

    assert asyncio.run(ask()) == [number * 2 for number in range(1000)]


def test_what_waits_while_a_batch_is_worked_on_is_the_next_batch():
    began, go_on, batches = threading.Event(), threading.Event(), []

    def work(given):
        batches.append(given)
        began.set()
        go_on.wait(10)
        return given

    batcher = Batcher(work, threads=1)

    async def ask():
        first = asyncio.ensure_future(batcher(1))
        await asyncio.to_thread(began.wait, 10)
        others = [asyncio.ensure_future(batcher(number)) for number in (2, 3, 4)]
        while batcher.waiting < 3:
            await asyncio.sleep(0.001)
        go_on.set()
        return await asyncio.gather(first, *others)

    assert asyncio.run(ask()) == [1, 2, 3, 4]
    assert batches == [[1], [2, 3, 4]]


def test_who_no_longer_waits_keeps_nobody_else_waiting():
    go_on = threading.Event()

    def work(given):
        go_on.wait(10)
        return given

    batcher = Batcher(work, threads=1)

    async def ask():
        gone, waits = asyncio.ensure_future(batcher(1)), asyncio.ensure_future(batcher(2))
        await asyncio.sleep(0)
        gone.cancel()
        go_on.set()
        return await waits

    assert asyncio.run(ask()) == 2


def test_threads_take_turns_unless_a_batch_takes_longer_than_their_patience():
    go_on, batches = threading.Event(), []

    def work(given):
        batches.append(given)
        if given == ["slow"]:
            go_on.wait(10)
        return given

    batcher = Batcher(work, threads=2)

    async def ask():
        slow = asyncio.ensure_future(batcher("slow"))
        while not batches:
            await asyncio.sleep(0.001)
        others = [asyncio.ensure_future(batcher(number)) for number in range(10)]
        await asyncio.gather(*others)  # though the slow one has its turn still
        go_on.set()
        await slow

    asyncio.run(ask())
    assert batches[0] == ["slow"]
    assert batches[1] == list(range(10)), "what came while it was patient is one batch"
