"""The web process as it is run: for what only a real server and real sockets can show."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from django.db import connection

from callstore.local.processes import by_this_python, web
from tests.ingest import deliveries as given
from tests.places import ROOT

API_TOKEN = "a-token-that-reads-everything"
INGEST_TOKEN = "a-token-that-brings-facts"


@dataclass(frozen=True)
class Served:
    """Where it listens, and ways to speak to it."""

    port: int
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it at once with SIGKILL, the worker that Granian starts first."""
        for one in [*psutil.Process(self.process.pid).children(recursive=True), self.process]:
            one.kill()
        self.process.wait()

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """One whole request; status and body of its answer."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            asked.request(
                method, path, body=body, headers={"Content-Length": str(len(body)), **(headers or {})}
            )
            answer = asked.getresponse()
            return answer.status, answer.read()
        finally:
            asked.close()

    def say(self, raw: bytes, seconds: float = 5) -> bytes:
        """Whatever is answered to these bytes until it hangs up, or until nothing came for so long."""
        said = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as line:
            try:
                line.sendall(raw)
                while piece := line.recv(65536):
                    said += piece
            except OSError:  # it hung up while we spoke, or has no more to say
                pass
        return said


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[Served]:
    """The web process of `up` on the tests' own database, with the secrets of tests/ingest/deliveries.py.

    Each of `settings` stands in its environment, over those.
    """
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])
        ._replace(path=f"/{connection.settings_dict['NAME']}")
        .geturl(),
        "TWILIO_ACCOUNTS": f"{given.ACCOUNT}:{given.TOKEN}",
        "OPENAI_WEBHOOK_SECRETS": given.WHSEC,
        "INGEST_TOKENS": INGEST_TOKEN,
        "API_TOKENS": API_TOKEN,
        "PUBLIC_BASE_URL": given.BASE,
        **settings,
    }
    log = folder / "web.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            by_this_python(web("127.0.0.1", port)), env=environment, cwd=ROOT, stdout=out, stderr=out
        )
    try:
        until_it_listens(port, process, log)
        yield Served(port, process)
    finally:
        process.terminate()
        process.wait(20)


def until_it_listens(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when somebody listens on the port."""
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
