"""Django's pages behind the loop: so many at once, so many in line, and 503 at once for all others."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from callstore.base.asgi import (
    Bodies,
    Unanswerable,
    send_body,
    send_piece,
    send_start,
)
from callstore.web.environ import environ
from callstore.web.unanswered import tell
from callstore.web.work import Work

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

# Two a core: so many slow searches leave doors and Postgres their turns.
THREADS, LINE = max(4, 2 * (os.cpu_count() or 1)), 28
BODY_LIMIT = 64 * 1024  # no page takes a file: the largest is a form
BODY_WITHIN_S = 10.0
CHUNK_WITHIN_S = 30.0  # who takes so much of a stream slower than that has gone
# Sent at once: the server holds several for who is slow, and a piece of an export may have megabytes.
SENT = 256 * 1024
STREAMS = 2048  # at once; between two pieces they hold no thread, but a piece each

Result = TypeVar("Result")


class Pages:
    """An ASGI application: `wsgi` run by `threads` threads, with `waiting` more requests in line for one.

    A body of more than `body_limit` bytes gets 413.
    """

    def __init__(
        self, wsgi: "WSGIApplication", threads: int, waiting: int, body_limit: int = BODY_LIMIT
    ) -> None:
        self._wsgi = wsgi
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pages")
        self._bodies = Bodies(body_limit, BODY_WITHIN_S)
        self._most, self._inside, self.streams = threads + waiting, 0, 0

    async def __call__(
        self, scope: "Scope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        assert scope["type"] == "http"
        try:
            body = await self._bodies.gather(scope, receive)
            try:
                work = Work(self._wsgi, environ(scope, body))
                gone = asyncio.ensure_future(receive())  # nothing more comes but the reader's end
                try:
                    await self._answer(work, gone, send)
                finally:
                    gone.cancel()
            finally:
                self._bodies.let_go(body)
        except Unanswerable as why:
            await tell(scope, send, why)

    async def _answer(self, work: Work, gone: "asyncio.Future[Any]", send: "ASGISendCallable") -> None:
        if self._inside >= self._most:
            raise Unanswerable(HTTPStatus.SERVICE_UNAVAILABLE)
        self._inside += 1
        try:
            body = await self._in_thread(work.run, work, gone)
        finally:
            self._inside -= 1
        if body is None and self.streams >= STREAMS:
            await self._end(work)
            raise Unanswerable(HTTPStatus.SERVICE_UNAVAILABLE)
        await send_start(send, work.status, work.headers)
        if body is not None:
            await send_body(send, body)
        else:
            await self._stream(work, gone, send)

    async def _stream(self, work: Work, gone: "asyncio.Future[Any]", send: "ASGISendCallable") -> None:
        self.streams += 1
        try:
            while piece := await self._in_thread(work.chunk, work, gone):
                for at in range(0, len(piece), SENT):
                    await send_piece(send, piece[at : at + SENT], CHUNK_WITHIN_S)
            await send_body(send, b"")
        finally:
            self.streams -= 1
            await self._end(work)

    async def _end(self, work: Work) -> None:
        await asyncio.wrap_future(self._threads.submit(work.end))

    async def _in_thread(self, step: Callable[[], Result], work: Work, gone: "asyncio.Future[Any]") -> Result:
        """What the step gives. Raises Unanswerable, and stops it, when the reader has gone meanwhile."""
        running = self._threads.submit(step)
        ended = asyncio.wrap_future(running)
        await asyncio.wait((ended, gone), return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            return ended.result()
        if not running.cancel():
            await asyncio.to_thread(work.stop)
            await asyncio.gather(ended, return_exceptions=True)  # nobody is there to be told
        raise Unanswerable(None)
