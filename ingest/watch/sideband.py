"""The sideband of a session as a socket that listens: how it is attached to, and how it closed.

https://platform.openai.com/docs/guides/realtime-server-controls; Live: openai SDK, resources/live/sideband.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias, cast
from urllib.parse import quote

from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.frames import DATA_OPCODES, Close, Frame
from websockets.protocol import Event

LARGEST_FRAME = 32 * 1024 * 1024  # bytes; more is refused with 1009
OPENS_WITHIN_S = 10.0
PING_EVERY_S = 20.0  # a session may say nothing for an hour: a pong proves that its socket lives
NORMAL, CUT = 1000, 1006

Hear: TypeAlias = Callable[[bytes], object]


class Refused(Exception):
    """The API answered the request to attach with another status than 101."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Unreachable(Exception):
    """Nobody answered, or not as a websocket does."""


class Listener(ClientConnection):
    """A connection that hands each message on in the turn of the loop that read it.

    A queue and a task for each, as `recv` has them, cost as much as the protocol itself. It reads no further
    while whoever hears it holds it, nor from who does not read the answers to his own pings; him it leaves
    after as long as for a pong, since our own ping waits behind those answers.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._early: list[bytes] = []  # what came with the answer to the handshake
        self._hear: Hear = self._early.append
        self._begun = bytearray()  # a message of which fragments are missing
        self._held = False
        self._unread: asyncio.TimerHandle | None = None
        self._fault: Exception | None = None

    async def listen(self, hear: Hear) -> ConnectionClosed:
        """Give `hear` each message until the socket closed; how it did. Raises what `hear` raised."""
        self._hear = hear
        for message in self._early:
            self._tell(message)
        self._early.clear()
        await self.wait_closed()
        if self._fault:
            raise self._fault
        return self.close_exc

    def process_event(self, event: Event) -> None:
        if self.response is None or not isinstance(event, Frame) or event.opcode not in DATA_OPCODES:
            super().process_event(event)
        elif event.fin and not self._begun:
            self._tell(bytes(event.data))
        else:
            self._begun += event.data
            if event.fin:
                message, self._begun = bytes(self._begun), bytearray()
                self._tell(message)

    def _tell(self, message: bytes) -> None:
        if self._fault is None:
            try:
                self._hear(message)
            except Exception as fault:  # within a callback of the loop nobody would learn of it
                self._fault = fault
                self.transport.abort()

    def hold(self) -> None:
        """Read no further until `go_on`."""
        self._held = True
        self._read_or_not()

    def go_on(self) -> None:
        """Read again."""
        self._held = False
        self._read_or_not()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(PING_EVERY_S, self.transport.abort)
        self._read_or_not()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread:
            self._unread.cancel()
            self._unread = None
        self._read_or_not()

    def _read_or_not(self) -> None:
        if self.transport.is_closing():
            return
        if self._held or self._unread:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()


def url_of(call_id: str) -> str:
    """Where a session's sideband is."""
    if call_id.startswith("live_"):
        return str(settings.OPENAI_LIVE_URL).replace("{session_id}", quote(call_id, safe=""))
    base = str(settings.OPENAI_REALTIME_URL)
    return f"{base}{'&' if '?' in base else '?'}call_id={quote(call_id, safe='')}"


async def attach(url: str) -> Listener:
    """A socket on a session. Raises Refused or Unreachable.

    Nothing is said on it but pongs, pings and a close frame. Packing is not asked for: frames are small, and
    a packed one may hold gigabytes.
    """
    try:
        socket = await connect(
            url,
            additional_headers={"Authorization": f"Bearer {settings.OPENAI_API_KEY}"},
            create_connection=Listener,
            compression=None,
            max_size=LARGEST_FRAME,
            open_timeout=OPENS_WITHIN_S,
            ping_interval=PING_EVERY_S,
            ping_timeout=PING_EVERY_S,
            close_timeout=2.0,
        )
        return cast(Listener, socket)
    except InvalidStatus as refusal:
        raise Refused(refusal.response.status_code) from refusal
    except (OSError, TimeoutError, ValueError, WebSocketException) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def close_of(closed: ConnectionClosed) -> dict[str, Any]:
    """How a socket closed: both close frames, and which came first where there were two.

    The code is the other side's; where no frame came it is 1006 (RFC 6455, 7.1.5).
    """
    told = closed.rcvd or closed.sent
    return {
        "code": int(closed.rcvd.code) if closed.rcvd else CUT,
        "reason": told.reason if told else "",
        "rcvd": _frame(closed.rcvd),
        "sent": _frame(closed.sent),
        "rcvd_then_sent": closed.rcvd_then_sent,
    }


def _frame(close: Close | None) -> dict[str, Any] | None:
    return None if close is None else {"code": int(close.code), "reason": close.reason}
