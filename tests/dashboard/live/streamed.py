"""Readers of the stream of changes: what a server-sent event is, read from a real connection."""

import json
import socket
import time
from typing import Any, NamedTuple

from tests.web.server import raw


class Event(NamedTuple):
    """One event as a browser is told it."""

    name: str
    id: str
    data: Any


class Reader:
    """A stream of a running server. `head` is the answer's head; `comments` what a browser is not told."""

    def __init__(self, url: str, headers: dict[str, str], query: str = "") -> None:
        said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._line = raw(url, f"GET /live{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n{said}\r\n".encode())
        self._left = b""
        self._events: list[Event] = []
        self.comments: list[str] = []
        self.last_id = ""
        while b"\r\n\r\n" not in self._left and (part := self._line.recv(65536)):
            self._left += part
        self.head, _, rest = self._left.partition(b"\r\n\r\n")
        self._left = b""
        self._take(rest)

    @property
    def status(self) -> int:
        return int(self.head.split()[1])

    def next(self, name: str = "calls", seconds: float = 20) -> Event:
        """The next event of this name; others before it are passed over."""
        deadline = time.monotonic() + seconds
        while True:
            while self._events:
                if (event := self._events.pop(0)).name == name:
                    return event
            assert time.monotonic() < deadline, f"no {name} came in {seconds} s"
            assert self.read(deadline - time.monotonic()), "the stream ended"

    def read(self, seconds: float) -> bool:
        """Take in what has come, or comes in this time; False at the end of the stream."""
        self._line.settimeout(max(seconds, 0.01))
        try:
            part = self._line.recv(65536)
        except TimeoutError:
            return True
        except OSError:
            return False
        self._take(part)
        return bool(part) and not self._left.startswith(b"0\n")

    def _take(self, part: bytes) -> None:
        self._left += part.replace(b"\r\n", b"\n")
        *blocks, self._left = self._left.split(b"\n\n")
        for block in blocks:
            self._block(block.decode())

    def ended(self, seconds: float = 20) -> bool:
        """Whether the stream ends in this time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.read(deadline - time.monotonic()):
                return True
        return False

    def close(self) -> None:
        self._line.close()

    @property
    def socket(self) -> socket.socket:
        return self._line

    def _block(self, text: str) -> None:
        fields: dict[str, str] = {}
        for line in text.split("\n"):
            name, colon, value = line.partition(": ")
            if line.startswith(": "):
                self.comments.append(value)
            elif colon:
                fields[name] = value
        if "event" in fields:
            self.last_id = fields.get("id", self.last_id)
            self._events.append(Event(fields["event"], fields.get("id", ""), json.loads(fields["data"])))
