"""One timer for many deadlines."""

import asyncio
from functools import partial

from callstore.base.deadlines import Deadlines


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


def test_what_is_open_when_its_time_is_over_is_called_once_and_what_ended_is_not():
    called = []

    async def run():
        deadlines = Deadlines(0.05)
        first, ended, second = (partial(called.append, name) for name in ("first", "ended", "second"))
        for late in (first, ended, second):
            deadlines.begin(late)
        deadlines.end(ended)
        deadlines.end(ended)  # twice is no error
        await until(lambda: len(called) == 2)
        await asyncio.sleep(0.1)

    asyncio.run(run())
    assert called == ["first", "second"]


def test_what_began_later_ends_later_and_a_rest_needs_no_timer():
    ends = {}

    async def run():
        loop = asyncio.get_running_loop()
        deadlines, began = Deadlines(0.1), loop.time()
        deadlines.begin(lambda: ends.setdefault("first", loop.time() - began))
        await asyncio.sleep(0.05)
        deadlines.begin(lambda: ends.setdefault("second", loop.time() - began))
        await until(lambda: len(ends) == 2)
        await until(lambda: deadlines._timer is None)
        deadlines.begin(lambda: ends.setdefault("after a rest", True))
        await until(lambda: "after a rest" in ends)

    asyncio.run(run())
    assert ends["first"] >= 0.1
    assert ends["second"] >= 0.15
