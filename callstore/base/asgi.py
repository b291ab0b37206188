"""What doors and pages on an event loop have in common: a body under a deadline, and an answer.

Nothing here takes a thread, so that a sender who is slow, silent or gone costs a few kilobytes and no more.
"""

import asyncio
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from callstore.base.deadlines import Deadlines

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPResponseStartEvent, HTTPScope

# Of all bodies that are being read or worked on at once: what a web process of some hundred MB can spare.
MOST_BYTES = 128 * 1024 * 1024
SMALL = 16 * 1024  # bytes; Twilio's callbacks are smaller, and have room however many others hold theirs full
# Whoever honours it comes back when a restart of Postgres is over, or the line is shorter.
RETRY_AFTER = ("Retry-After", "5")


class Unanswerable(Exception):
    """No body could be had, or nobody is there: `status` says why.

    400 broken off, 408 too slow, 413 too large, 503 too many, None: the reader has gone.
    """

    def __init__(self, status: HTTPStatus | None) -> None:
        super().__init__(status)
        self.status = status


class Bodies:
    """Gathers bodies of at most `limit` bytes, each within `seconds`.

    All of them together hold `most` bytes, and beyond that small ones alone are taken. With `by_length` one
    is whole once it is as long as was announced: that nothing follows is a message of its own, which takes a
    turn of three threads. Whoever listens on, to hear that the reader has gone, would be told it then.
    """

    def __init__(
        self, limit: int, seconds: float, most: int = MOST_BYTES, *, by_length: bool = False
    ) -> None:
        self.limit, self.most, self.by_length = limit, most, by_length
        self.held = 0  # bytes
        self._deadlines = Deadlines(seconds)

    async def gather(self, scope: "HTTPScope", receive: "ASGIReceiveCallable") -> bytes:
        """The whole body, which counts as held until `let_go`. Raises Unanswerable; nothing is held then."""
        announced = self.announced(scope)
        parts: list[bytes] = []
        try:
            await self._in_time(receive, parts, announced if self.by_length else None)
        except BaseException:
            self.held -= sum(map(len, parts))
            raise
        return b"".join(parts)

    def let_go(self, body: bytes) -> None:
        """The body is done with."""
        self.held -= len(body)

    def announced(self, scope: "HTTPScope") -> int | None:
        """The bytes that the headers promise, or None. Raises Unanswerable where they are too many."""
        promised, is_chunked = None, False
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit():
                if len(value) > 18 or int(value) > self.limit:
                    raise Unanswerable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                promised = int(value)
            elif name == b"transfer-encoding":  # RFC 9112, 6.3: it overrides the length
                is_chunked = True
        return None if is_chunked else promised

    async def _in_time(self, receive: "ASGIReceiveCallable", parts: list[bytes], whole: int | None) -> None:
        task = asyncio.current_task()
        assert task is not None
        is_late = False

        def late() -> None:
            nonlocal is_late
            is_late = task.cancel()

        self._deadlines.begin(late)
        try:
            await self._add(receive, parts, whole)
        except asyncio.CancelledError:
            if not is_late or task.uncancel():  # somebody else's
                raise
            raise Unanswerable(HTTPStatus.REQUEST_TIMEOUT) from None
        finally:
            self._deadlines.end(late)

    async def _add(self, receive: "ASGIReceiveCallable", parts: list[bytes], whole: int | None) -> None:
        length, more = 0, True
        while more and length != whole:
            message = await receive()
            if message["type"] != "http.request":
                # The server tells malformed chunks as it tells a sender who left; who is there is answered.
                raise Unanswerable(HTTPStatus.BAD_REQUEST)
            part, more = message.get("body", b""), message.get("more_body", False)
            parts.append(part)
            length += len(part)
            self.held += len(part)
            if length > self.limit:
                raise Unanswerable(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            if self.held > self.most and length > SMALL:
                raise Unanswerable(HTTPStatus.SERVICE_UNAVAILABLE)


async def answer(
    send: "ASGISendCallable", status: int, body: bytes = b"", headers: Iterable[tuple[str, str]] = ()
) -> None:
    """Send a whole answer; a body is JSON."""
    kind = [("Content-Type", "application/json")] if body else []
    await send(_start(status, (*headers, *kind, ("Content-Length", str(len(body))))))
    await send_body(send, body)


async def answer_unanswerable(send: "ASGISendCallable", why: Unanswerable) -> None:
    """Say why no body could be had, unless nobody is there any more."""
    if why.status is not None:
        headers = [RETRY_AFTER] if why.status == HTTPStatus.SERVICE_UNAVAILABLE else []
        await answer(send, why.status, headers=headers)


async def send_start(send: "ASGISendCallable", status: int, headers: Iterable[tuple[str, str]]) -> None:
    """Send status and headers."""
    await send(_started(status, headers))


async def send_piece(send: "ASGISendCallable", piece: bytes, seconds: float) -> None:
    """Send a piece of a stream. Raises Unanswerable where its reader takes it no sooner than that.

    No error of ours, and no line of a log.
    """
    try:
        async with asyncio.timeout(seconds):
            await send_body(send, piece, more=True)
    except TimeoutError:
        raise Unanswerable(None) from None


async def send_body(send: "ASGISendCallable", body: bytes, more: bool = False) -> None:
    """Send a piece of the body, by default the last."""
    await send({"type": "http.response.body", "body": body, "more_body": more})


def _started(status: int, headers: Iterable[tuple[str, str]]) -> "HTTPResponseStartEvent":
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": encoded, "trailers": False}


_start = lru_cache(maxsize=256)(_started)  # of answers that are whole, nearly all are the same few
