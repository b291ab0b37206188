"""Pages behind the loop: what streams holds no thread while its reader rests, and what hangs up is let go."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection, connections

from callstore.base.asgi import Unanswerable
from callstore.web import pages, work
from callstore.web.environ import environ
from callstore.web.pages import Pages
from callstore.web.work import Work
from tests.web.test_environ import request

THREADS = 2
pytestmark = pytest.mark.django_db(transaction=True)  # a page's end closes its thread's connection


class Stream:
    """An answer as Django gives it to a server, of many large pieces, made by whoever asks for the next."""

    streaming = True

    def __init__(self):
        self.closed = threading.Event()

    def __iter__(self):
        for _ in range(100):
            yield b"x" * work.CHUNK

    def close(self):
        self.closed.set()


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/large":
        return Large([b"x" * 5_000_000])
    if environ["PATH_INFO"] == "/stream":
        made.append(Stream())
        return made[-1]
    return Plain([environ["PATH_INFO"].encode()])


class Plain(list):
    def close(self):
        pass


class Large(Plain):
    streaming = True


made: list[Stream] = []


async def ask(served, path, taken=None):
    """The body of an answer; `taken` pieces of it are accepted, and then the reader rests for ever."""
    return b"".join(await pieces(served, path, taken))


async def pieces(served, path, taken=None):
    """The same as it is sent."""
    parts, asked = [], iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive():
        return next(asked, None) or await asyncio.Event().wait()

    async def send(message):
        if taken is not None and len(parts) == taken:
            await asyncio.Event().wait()
        parts.append(message)

    await served(request(path.encode()), receive, send)
    return [part.get("body", b"") for part in parts]


def test_readers_who_rest_hold_no_thread():
    async def run():
        served = Pages(application, THREADS, waiting=2)
        resting = [asyncio.ensure_future(ask(served, "/stream", taken=2)) for _ in range(16)]
        async with asyncio.timeout(10):
            # 503 while they all begin
            while not (answered := await ask(served, "/calls")) or served.streams < len(made):
                await asyncio.sleep(0.01)
        for one in resting:
            one.cancel()
        await asyncio.gather(*resting, return_exceptions=True)
        return answered

    made.clear()
    assert asyncio.run(run()) == b"/calls"
    assert all(stream.closed.is_set() for stream in made)


def test_a_reader_who_rests_too_long_has_gone(monkeypatch):
    monkeypatch.setattr(pages, "CHUNK_WITHIN_S", 0.05)

    async def run():
        with suppress(TimeoutError):  # the server then breaks the connection off
            await asyncio.wait_for(ask(Pages(application, THREADS, waiting=2), "/stream", taken=2), 10)

    made.clear()
    asyncio.run(run())
    assert made[0].closed.is_set()


def test_a_stream_that_is_read_arrives_whole():
    assert asyncio.run(ask(Pages(application, THREADS, waiting=2), "/stream")) == b"x" * work.CHUNK * 100


def test_a_large_piece_of_a_stream_is_sent_bit_by_bit():
    """The server holds several for a reader who is slow."""
    sent = asyncio.run(pieces(Pages(application, THREADS, waiting=2), "/large"))
    assert max(map(len, sent)) <= pages.SENT and sum(map(len, sent)) == 5_000_000


STATEMENTS = ["SELECT pg_sleep(0.3)", "SELECT 1"]


def left_behind(method):
    """The statements that are done of a request whose reader goes in the middle of the first."""
    done = []

    def asked(_, start_response):
        threading.Timer(0.05, working.stop).start()
        for statement in STATEMENTS:
            with suppress(Exception), connection.cursor() as cursor:
                cursor.execute(statement)
                done.append(statement)
        start_response("200 OK", [])
        return Plain()

    def run():
        with suppress(Unanswerable):
            working.run()
        connections.close_all()

    working = Work(asked, environ(request(b"/", method=method), b""))
    with ThreadPoolExecutor(1) as thread:  # with a connection of its own
        thread.submit(run).result()
    return done


def test_for_a_reader_who_has_gone_no_further_statement_begins():
    assert left_behind("GET") == []


def test_an_act_is_done_and_entered_to_its_end_though_who_asked_has_gone():
    assert left_behind("POST") == STATEMENTS
