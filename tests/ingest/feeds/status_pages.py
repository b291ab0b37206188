"""Status pages on loopback: each path answers as it was told, and every request is remembered."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class StatusPages:
    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    written: int = 0  # bytes that went out of bodies without end

    def at(self, path: str, answer: Answer) -> str:
        """The address at which this is answered from now on."""
        self.answers[path] = answer
        return self.url + path


def body(content: bytes | object, status: int = 200, **headers: str) -> Answer:
    """Answers with bytes, or with JSON."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.send_header("Content-Length", str(len(raw)))
        to.end_headers()
        to.wfile.write(raw)

    return answer


def conditional(content: object, etag: str, modified: str) -> Answer:
    """Answers 304 to whoever has this version."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        known = to.headers.get("If-None-Match") == etag and to.headers.get("If-Modified-Since") == modified
        body(b"" if known else content, 304 if known else 200, ETag=etag, Last_Modified=modified)(to)

    return answer


def pieces(pages: StatusPages, piece: bytes, most: int, wait: Callable[[], Any] = lambda: None) -> Answer:
    """Writes a piece again and again until `most` bytes, or until nobody listens any more."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.end_headers()
        sent = 0
        while sent < most:
            to.wfile.write(piece)
            sent += len(piece)
            pages.written += len(piece)
            wait()

    return answer


@contextmanager
def serving() -> Iterator[StatusPages]:
    """Runs them until the block ends."""
    pages = StatusPages()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages.requests.append((self.path, dict(self.headers)))
            try:
                pages.answers[self.path](self)
            except OSError:  # whoever asked has hung up
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        pages.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield pages
        finally:
            server.shutdown()
            thread.join()
