"""Who waits to be let in is counted too: a database that hangs gathers no requests without end."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from dashboard.live import readers
from dashboard.live.stream import Streams

SCOPE = {
    "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
    "path": "/live", "raw_path": b"/live", "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
    "server": ("127.0.0.1", 80), "headers": [(b"host", b"127.0.0.1"), (b"cookie", b"sessionid=made-up")],
}  # fmt: skip
MOST = 5


async def statuses(asked: int, answers: Event) -> list[int]:
    """What so many strangers are answered while the database does not, and after it did."""
    streams, told = Streams(MOST), []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            told.append(message["status"])

    waiting = [asyncio.ensure_future(streams(dict(SCOPE), receive, send)) for _ in range(asked)]
    async with asyncio.timeout(10):
        while len(told) < asked - MOST:
            await asyncio.sleep(0.01)
        assert not waiting[0].done() and len(told) == asked - MOST
        answers.set()
        await asyncio.gather(*waiting)
    return told


def test_no_more_wait_to_be_let_in_than_may_be_let_in(monkeypatch):
    answers = Event()
    # the database hangs: nobody else's threads hang with it
    monkeypatch.setattr(readers, "_threads", ThreadPoolExecutor(2))
    monkeypatch.setattr(readers, "_reader", lambda request: answers.wait(10) and None)
    assert asyncio.run(statuses(20, answers)) == [503] * (20 - MOST) + [401] * MOST
