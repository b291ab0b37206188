"""The sideband of a session as a socket that listens: how it is attached to, and how it closed.

https://platform.openai.com/docs/guides/realtime-server-controls; Live: openai SDK, resources/live/sideband.
"""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.frames import Close

LARGEST_FRAME = 32 * 1024 * 1024  # bytes; more is refused with 1009
OPENS_WITHIN_S = 10.0
PING_EVERY_S = 20.0  # a session may say nothing for an hour: a pong proves that its socket lives
NORMAL, CUT = 1000, 1006


class Refused(Exception):
    """The API answered the request to attach with another status than 101."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Unreachable(Exception):
    """Nobody answered, or not as a websocket does."""


class Listener(ClientConnection):
    """A connection that reads no further from who does not read the answers to his own pings."""

    def pause_writing(self) -> None:
        super().pause_writing()
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.transport.resume_reading()


def url_of(call_id: str) -> str:
    """Where a session's sideband is."""
    if call_id.startswith("live_"):
        return str(settings.OPENAI_LIVE_URL).replace("{session_id}", quote(call_id, safe=""))
    base = str(settings.OPENAI_REALTIME_URL)
    return f"{base}{'&' if '?' in base else '?'}call_id={quote(call_id, safe='')}"


async def attach(url: str) -> ClientConnection:
    """A socket on a session. Raises Refused or Unreachable.

    Nothing is said on it but pongs, pings and a close frame. Packing is not asked for: frames are small, and
    a packed one may hold gigabytes.
    """
    try:
        return await connect(
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
