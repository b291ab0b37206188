"""The web process as `up` runs it, on the database of the tests."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings
from django.db import connection

from callstore.local.processes import by_this_python, web
from tests.ingest import deliveries as given

INGEST = {"authorization": "Bearer an-ingest-token-of-the-tests"}
API = {"authorization": "Bearer an-api-token-of-the-tests"}


@contextmanager
def web_server(log: Path) -> Iterator[str]:
    """Granian, our doors and our pages; their URL. What tests committed is there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with log.open("w") as output:
        command = by_this_python(web("127.0.0.1", port))
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=_environment(url), stdout=output, stderr=output
        )
        try:
            eventually(lambda: process.poll() is not None or _alive(url), 60)
            assert process.poll() is None, log.read_text()
            yield url
        finally:
            process.terminate()
            process.wait(30)


def _environment(url: str) -> dict[str, str]:
    database = connection.settings_dict
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    where = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return os.environ | {
        "DATABASE_URL": f"postgresql://{login}@{where}",
        "PUBLIC_BASE_URL": url,
        "ALLOWED_HOSTS": "127.0.0.1",
        "API_TOKENS": API["authorization"].removeprefix("Bearer "),
        "TWILIO_ACCOUNTS": f"{given.ACCOUNT}:{given.TOKEN}",
        "INGEST_TOKENS": INGEST["authorization"].removeprefix("Bearer "),
    }


def _alive(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=1).status_code == 200
    except httpx.HTTPError:
        return False


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
