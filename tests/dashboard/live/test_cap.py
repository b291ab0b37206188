"""No more streams than a process can hold: the next one is told to come again, and the others go on."""

import asyncio

import pytest
from django.db import connection
from django.test import override_settings

from callstore.projection import projector
from dashboard.live.stream import Streams
from tests.projection.facts import call_ids, keep, sid, status

pytestmark = pytest.mark.django_db(transaction=True)


class Asked:
    """A stream that was asked for: what came of it, and a way to go."""

    def __init__(self, streams, token):
        self.status, self.headers, self.said = None, {}, b""
        self._gone = asyncio.Event()
        headers = [(b"host", b"testserver"), (b"authorization", f"Bearer {token}".encode())]
        scope = {"type": "http", "method": "GET", "path": "/live", "headers": headers, "query_string": b""}
        self.task = asyncio.ensure_future(streams(scope, self._receive, self._send))

    async def _receive(self):
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.said += message.get("body", b"")

    async def go(self):
        self._gone.set()
        await self.task


async def until(holds):
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.02)


def saved():
    try:
        traces = keep(status(sid(), "ringing"))
        projector.project(traces)
        return str(call_ids(traces)[0])
    finally:
        connection.close()


@override_settings(API_TOKENS=[f"token-of-reader-{number}" for number in range(4)])
def test_one_stream_more_than_a_process_holds_is_refused_and_the_others_go_on():
    async def run():
        streams = Streams(most=3)
        opened = [Asked(streams, f"token-of-reader-{number}") for number in range(3)]
        await until(lambda: all(each.said for each in opened))
        refused = Asked(streams, "token-of-reader-3")
        await refused.task
        assert refused.status == 503
        assert int(refused.headers[b"retry-after"]) > 0
        call = await asyncio.to_thread(saved)
        await until(lambda: all(call.encode() in each.said for each in opened))
        await opened[0].go()
        last = Asked(streams, "token-of-reader-3")
        await until(lambda: last.said)
        assert [each.status for each in (*opened, last)] == [200] * 4
        for each in (*opened[1:], last):
            await each.go()
        await streams.hub.end()

    asyncio.run(run())
