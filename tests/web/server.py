"""Connections to the web process that say only a part of what they should."""

import socket
import time
from collections.abc import Callable
from typing import Any

from tests.served import API_TOKEN, INGEST_TOKEN

API = {"authorization": f"Bearer {API_TOKEN}"}
INGEST = {"authorization": f"Bearer {INGEST_TOKEN}"}


def eventually(true: Callable[[], Any], seconds: float = 20) -> Any:
    """What `true` gives once it is true."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)
    return found


def raw(url: str, sent: bytes = b"") -> socket.socket:
    """A connection that has sent this much and no more."""
    host, port = url.removeprefix("http://").split(":")
    opened = socket.create_connection((host, int(port)), timeout=20)
    opened.sendall(sent)
    return opened


def status(opened: socket.socket) -> int:
    """The status that is answered on a connection."""
    answer = b""
    while b"\r\n" not in answer and (part := opened.recv(1000)):
        answer += part
    return int(answer.split()[1]) if answer else 0
