"""The server: `/…?call_id=rtc_…` and `/…/live_…/attach`, as OpenAI's has them."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from callstore.rehearsal.sideband.script import Play, Refusal, Script

CLOSES_WITHIN_S = 2.0


class Sideband:
    """Plays to whoever attaches the script of the session that he names; without one there is no session.

    `scripts` may be added to while it serves. `attached` has every attempt and how it was answered, `heard`
    what was said to us: a listener says nothing.
    """

    def __init__(self, scripts: MutableMapping[str, Script], token: str | None = None) -> None:
        self.scripts = scripts
        self.token = token
        self.port = 0
        self.attached: list[tuple[str, int]] = []
        self.heard: list[str | bytes] = []
        self._plays: dict[int, Play] = {}

    @property
    def realtime_url(self) -> str:
        """For OPENAI_REALTIME_URL."""
        return f"ws://127.0.0.1:{self.port}/v1/realtime"

    @property
    def live_url(self) -> str:
        """For OPENAI_LIVE_URL."""
        return f"ws://127.0.0.1:{self.port}/v1/live/sessions/{{session_id}}/attach?graceful_close=true"

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator["Sideband"]:
        """Serve on 127.0.0.1 while the block runs; any free port unless one is given."""
        how: dict[str, Any] = {"ping_interval": None, "close_timeout": CLOSES_WITHIN_S, "compression": None}
        async with serve(
            self._play, "127.0.0.1", port, process_request=self._answer, max_size=None, **how
        ) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            yield self

    @contextmanager
    def in_thread(self, port: int = 0) -> Iterator["Sideband"]:
        """The same from a thread, for who has no event loop."""
        started, loop = threading.Event(), asyncio.new_event_loop()
        over = asyncio.Event()

        async def until_over() -> None:
            async with self.serving(port):
                started.set()
                await over.wait()

        thread = threading.Thread(target=loop.run_until_complete, args=(until_over(),), daemon=True)
        thread.start()
        assert started.wait(10), "the sideband does not listen"
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(over.set)
            thread.join(10)
            loop.close()

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """None where the socket opens."""
        call_id = session_in(request.path)
        script = self.scripts.get(call_id)
        answer = script.next() if script else Refusal()
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            answer = Refusal(401)
        self.attached.append((call_id, answer.status if isinstance(answer, Refusal) else 101))
        if isinstance(answer, Refusal):
            return connection.respond(HTTPStatus(answer.status), _error(answer.status))
        self._plays[id(connection)] = answer
        return None

    async def _play(self, connection: ServerConnection) -> None:
        play = self._plays.pop(id(connection))
        listening = asyncio.create_task(self._listen(connection))
        due = time.time() if play.began_at is None else play.began_at
        try:
            for frame, after_s in play.frames:
                due += after_s
                await asyncio.sleep(max(0.0, due - time.time()))
                await connection.send(frame, text=True)
            await asyncio.wait([listening], timeout=max(0.0, due + play.stays_s - time.time()))
            if play.code is None:
                connection.transport.abort()
            else:
                await connection.close(play.code, play.reason)
        except ConnectionClosed:
            pass  # who listened has left
        finally:
            listening.cancel()

    async def _listen(self, connection: ServerConnection) -> None:
        try:
            async for message in connection:
                self.heard.append(message)
        except ConnectionClosed:
            pass


def session_in(path: str) -> str:
    """The session that a request to attach names, or ""."""
    parts = urlsplit(path)
    segments = parts.path.rstrip("/").split("/")
    if segments[-1] == "attach":
        return unquote(segments[-2])
    return parse_qs(parts.query).get("call_id", [""])[0]


def _error(status: int) -> str:
    code = "call_id_not_found" if status == HTTPStatus.NOT_FOUND else HTTPStatus(status).phrase
    return json.dumps({"error": {"code": code, "message": "No session found for the provided call_id"}})
