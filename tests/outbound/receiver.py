"""A real HTTP server that takes events, refuses them, hangs, drips or leads elsewhere."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """What was posted, as (headers, event); `answer` gives the status of each."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[dict], int] = lambda event: 204
        self.drips = False
        self.over = threading.Event()

    @property
    def events(self) -> list[dict]:
        return [json.loads(body) for _, body in self.received]


@contextmanager
def receiving() -> Iterator[Receiver]:
    to = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            to.received.append((dict(self.headers), body))
            if to.drips:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not to.over.wait(0.05):
                    try:
                        self.wfile.write(b"a")
                    except OSError:
                        return
                return
            status = to.answer(json.loads(body))
            self.send_response(status)
            if status in (301, 302, 307, 308):
                self.send_header("Location", f"{to.url}-elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    to.url = f"http://127.0.0.1:{server.server_port}/verdicts"
    try:
        yield to
    finally:
        to.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
