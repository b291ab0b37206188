"""Who follows the journal is told of every change once, whatever becomes of the connection."""

import asyncio
import time
from contextlib import aclosing

import pytest
from django.db import connection

from callstore.projection import projector
from callstore.projection.changes import follow as following
from callstore.projection.changes.follow import Away, follow
from tests.projection.facts import call_ids, keep, sid, sql, status

pytestmark = pytest.mark.django_db(transaction=True)

KILL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND {}"
IS_FOLLOWING = f"datname = current_database() AND application_name = '{following.NAME}'"


def saved():
    """A new call, projected; its id."""
    traces = keep(status(sid(), "ringing"))
    projector.project(traces)
    return call_ids(traces)[0]


def followed(steps):
    """Run `steps` with what gives the calls of the next change, and with the first that was told."""

    async def run():
        async with aclosing(follow()) as changes:

            async def coming():
                async for each in changes:
                    if isinstance(each, Away):
                        return each
                    if each.found:
                        return [change.call for change in each.found]

            async def next_():
                return await asyncio.wait_for(coming(), 20)

            first = await anext(changes)
            await steps(next_, first)

    asyncio.run(run())


def aside(act):
    """`act` in a thread of its own, whose connection is closed."""

    def acted():
        try:
            return act()
        finally:
            connection.close()

    return asyncio.to_thread(acted)


def test_what_the_journal_holds_comes_first_and_then_each_change_once():
    before = saved()

    async def steps(coming, first):
        assert before in [change.call for change in first.found]
        one = await aside(saved)
        assert await coming() == [one]
        two = await aside(saved)
        assert await coming() == [two]

    followed(steps)


def test_a_change_is_told_as_soon_as_it_is_announced_and_not_when_somebody_looks(monkeypatch):
    monkeypatch.setattr(following, "LOOK_EVERY_S", 3600)

    async def steps(coming, first):
        await asyncio.sleep(1)  # it is past reading on, and listens
        one = await aside(saved)
        assert await coming() == [one]

    followed(steps)


def test_changes_of_a_burst_that_were_not_announced_are_told_all_the_same(monkeypatch):
    monkeypatch.setattr(following, "LOOK_EVERY_S", 3600)

    async def steps(coming, first):
        made = [await aside(saved) for _ in range(20)]
        told = []
        while len(told) < len(made):
            told += await coming()
        assert told == made

    followed(steps)


def test_a_killed_connection_comes_back_and_what_it_missed_is_told():
    async def steps(coming, first):
        await asyncio.sleep(0)
        one = await aside(saved)
        assert await coming() == [one]

        def kill():
            assert sql(KILL.format(IS_FOLLOWING))[0][0] == 1
            return saved()

        two = await aside(kill)
        assert isinstance(await coming(), Away)
        assert await coming() == [two]

    followed(steps)


def test_one_connection_follows_and_none_is_left_when_it_ends():
    there = f"SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND {IS_FOLLOWING}"

    async def steps(coming, first):
        assert await aside(lambda: sql(there)) == [(1,)]

    followed(steps)
    deadline = time.monotonic() + 20
    while sql(there) != [(0,)]:
        assert time.monotonic() < deadline
