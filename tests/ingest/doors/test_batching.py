"""Threads' work for many who wait on a loop."""

import asyncio
import threading

from ingest.doors.batching import Batcher


def as_they_are(items):
    return items


def test_everybody_gets_what_was_made_of_their_own():
    batcher = Batcher(lambda given: [number + 1 for number in given], lambda read: [n * 2 for n in read])

    async def ask():
        return await asyncio.gather(*(batcher(number) for number in range(1000)))

    assert asyncio.run(ask()) == [(number + 1) * 2 for number in range(1000)]


def test_what_waits_while_a_batch_is_worked_on_is_the_next_batch():
    began, go_on, batches = threading.Event(), threading.Event(), []

    def work(given):
        batches.append(given)
        began.set()
        go_on.wait(10)
        return given

    batcher = Batcher(as_they_are, work, threads=1)

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

    batcher = Batcher(as_they_are, work, threads=1)

    async def ask():
        gone, waits = asyncio.ensure_future(batcher(1)), asyncio.ensure_future(batcher(2))
        await asyncio.sleep(0)
        gone.cancel()
        go_on.set()
        return await waits

    assert asyncio.run(ask()) == 2


def test_while_one_batch_is_kept_the_next_is_read_and_kept_beside_it():
    go_on, kept = threading.Event(), []

    def keep(read):
        kept.append(read)
        if read == ["slow"]:
            go_on.wait(10)
        return read

    batcher = Batcher(as_they_are, keep, threads=2)

    async def ask():
        slow = asyncio.ensure_future(batcher("slow"))
        while not kept:
            await asyncio.sleep(0.001)
        assert await asyncio.gather(*map(batcher, range(10))) == list(range(10))
        assert not slow.done()
        go_on.set()
        await slow

    asyncio.run(ask())
    assert kept == [["slow"], list(range(10))]


def test_what_comes_while_another_batch_is_read_is_one_batch():
    began, go_on, batches = threading.Event(), threading.Event(), []

    def read(given):
        batches.append(given)
        began.set()
        go_on.wait(10)
        return given

    batcher = Batcher(read, as_they_are, threads=2)

    async def ask():
        first = asyncio.ensure_future(batcher(0))
        await asyncio.to_thread(began.wait, 10)
        others = []
        for number in range(1, 11):
            others.append(batcher(number))
            await asyncio.sleep(0.001)  # apart, so that a thread that may begin has several of them
        go_on.set()
        await asyncio.gather(first, *others)

    asyncio.run(ask())
    assert batches == [[0], list(range(1, 11))]
