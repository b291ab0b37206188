"""GET /live as bare ASGI: ids of calls as they change, as server-sent events. No thread waits with it."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import Error
from prometheus_client import Gauge

from callstore.base.asgi import (
    RETRY_AFTER,
    Unanswerable,
    answer,
    answer_unanswerable,
    send_body,
    send_piece,
    send_start,
)
from callstore.health.figures import REGISTRY
from callstore.projection.changes.journal import Position
from dashboard.live import readers
from dashboard.live.events import event, told
from dashboard.live.hub import BEFORE_ALL, Hub
from dashboard.live.mailbox import Mailbox

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

PATH = "/live"
OPEN = Gauge("callstore_live_streams", "Streams of /live that are open.", registry=REGISTRY)
STREAMS, STREAMS_EACH = 1_000, 30  # at once, of all readers and of one
BEAT_S = 15.0  # below the patience of any proxy, and of a page that waits for a word
ASK_AGAIN_S = 30.0  # whether the reader still may
TAKEN_WITHIN_S = 10.0  # who takes a piece slower than that has gone
RETRY_MS = 2_000
HEADERS = (
    ("Content-Type", "text/event-stream; charset=utf-8"),
    ("Cache-Control", "private, no-store"),
    ("X-Accel-Buffering", "no"),  # a proxy hands on each piece as it comes
    ("X-Content-Type-Options", "nosniff"),
)


class Refusal(Exception):
    """No stream is opened: the status, and the headers beside it."""

    def __init__(self, status: HTTPStatus, *headers: tuple[str, str]) -> None:
        super().__init__(status)
        self.status, self.headers = status, headers


class Streams:
    """All streams of this process, as an ASGI application."""

    def __init__(self, most: int = STREAMS) -> None:
        self.hub = Hub()
        self._most = most
        self._open: Counter[str] = Counter()
        self._asking = 0  # who waits to be let in, as one may for as long as the database takes

    async def __call__(
        self, scope: "Scope", receive: "ASGIReceiveCallable", send: "ASGISendCallable"
    ) -> None:
        assert scope["type"] == "http"
        try:
            request = _request(scope)
            only, after = _only(request), _after(request)
            who = await self._admitted(request)
            with self._counted(who):
                await Stream(self.hub, request, who, receive, send).run(only, after)
        except Refusal as refusal:
            await answer(send, refusal.status, headers=refusal.headers)
        except Unanswerable as why:
            await answer_unanswerable(send, why)

    async def _admitted(self, request: ASGIRequest) -> str:
        if self._open.total() + self._asking >= self._most:
            raise Unanswerable(HTTPStatus.SERVICE_UNAVAILABLE)
        self._asking += 1
        try:
            who = await readers.reader(request)
        except Error:
            raise Unanswerable(HTTPStatus.SERVICE_UNAVAILABLE) from None
        finally:
            self._asking -= 1
        if who is None:
            raise Refusal(HTTPStatus.UNAUTHORIZED, ("WWW-Authenticate", 'Bearer realm="callstore"'))
        return who

    @contextmanager
    def _counted(self, who: str) -> Iterator[None]:
        if self._open.total() >= self._most or self._open[who] >= STREAMS_EACH:
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, RETRY_AFTER)
        self._open[who] += 1
        OPEN.inc()
        try:
            yield
        finally:
            OPEN.dec()
            self._open[who] -= 1
            self._open += Counter()  # forgets whom it counts no more


class Stream:
    """One reader's stream, from its first byte until he goes, may not read any more, or is too slow."""

    def __init__(
        self,
        hub: Hub,
        request: ASGIRequest,
        who: str,
        receive: "ASGIReceiveCallable",
        send: "ASGISendCallable",
    ) -> None:
        self._hub, self._request, self._who = hub, request, who
        self._receive, self._send = receive, send

    async def run(self, only: UUID | None, after: Position | None) -> None:
        mailbox = Mailbox(only)
        gone = asyncio.ensure_future(self._gone())
        try:
            with self._hub.reading(mailbox, after):
                security = settings.SECURE_HSTS_SECONDS
                hsts = [("Strict-Transport-Security", f"max-age={security}")] if security else []
                await send_start(self._send, 200, [*HEADERS, *hsts])
                await self._say(f": changes of calls\nretry: {RETRY_MS}\n\n")
                await self._tell(mailbox, gone)
            with suppress(Unanswerable):
                await send_body(self._send, b"")
        finally:
            gone.cancel()

    async def _tell(self, mailbox: Mailbox, gone: "asyncio.Future[None]") -> None:
        beat_at = time.monotonic() + BEAT_S
        ask_at = time.monotonic() + ASK_AGAIN_S * random.uniform(0.5, 1)  # not all at once
        away = False
        while True:
            await _until(mailbox, gone, min(beat_at, ask_at) - time.monotonic())
            if gone.done():
                return
            if mailbox.overflowed:
                return await self._say(": stale\n\n")
            if time.monotonic() >= ask_at:
                ask_at = time.monotonic() + ASK_AGAIN_S
                if not await self._still_may():
                    return await self._say(event("ended"))
            news = mailbox.take()
            said = told(news, away, self._hub.position)
            away = news.away
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + BEAT_S
                said += ": beat\n" + event("beat", position=self._hub.position)
            if said:
                await self._say(said)

    async def _still_may(self) -> bool:
        try:
            return await readers.reader(self._request) == self._who
        except Error:  # the database is away: nothing is told before it is back, and can be asked then
            return True

    async def _say(self, words: str) -> None:
        await send_piece(self._send, words.encode(), TAKEN_WITHIN_S)

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _until(mailbox: Mailbox, gone: "asyncio.Future[None]", seconds: float) -> None:
    """Return when there is news, the reader has gone, or time is over."""
    news = asyncio.ensure_future(mailbox.changed())
    try:
        await asyncio.wait((news, gone), timeout=max(seconds, 0), return_when=asyncio.FIRST_COMPLETED)
    finally:
        news.cancel()


def _request(scope: "HTTPScope") -> ASGIRequest:
    """What is asked, as Django reads it. Raises Refusal."""
    request = ASGIRequest(scope, BytesIO())
    if request.method != "GET":
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, ("Allow", "GET"))
    try:
        request.get_host()
    except DisallowedHost:
        raise Refusal(HTTPStatus.BAD_REQUEST) from None
    return request


def _only(request: ASGIRequest) -> UUID | None:
    """The call that is asked for, by our id, if one is. Raises Refusal."""
    asked = request.GET.get("call")
    try:
        return UUID(asked) if asked else None
    except ValueError:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY) from None


def _after(request: ASGIRequest) -> Position | None:
    """Where a browser lost the stream, or else where its page was made; one that is too old is before all."""
    asked = request.headers.get("Last-Event-ID") or request.GET.get("after")
    return (Position.read(asked) or BEFORE_ALL) if asked else None
