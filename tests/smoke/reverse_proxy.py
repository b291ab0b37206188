"""A small reverse proxy before a web process, as people write them: what it does to a request can be set."""

import http.client
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Proxy:
    """Where it listens, whom it asks, and what it changes on the way."""

    port: int
    scheme: str = "http"
    upstream: int = 0
    path: Callable[[str], str] = lambda path: path
    dropped: set[str] = field(default_factory=set)  # headers, in lower case
    limit: int = 10 * 1024 * 1024
    late_s: float = 0.0  # of its clock, by its Date
    redirect: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


@contextmanager
def proxying(port: int, certificate: tuple[str, str] | None = None) -> Iterator[Proxy]:
    """Runs a proxy on that port until the block ends, by TLS where a certificate and its key are given."""
    proxy = Proxy(port, "https" if certificate else "http")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            proxy.asked.append(self.path)
            if proxy.redirect:
                return self._say(308, b"", {"Location": proxy.redirect + self.path})
            if len(body) > proxy.limit:
                return self._say(413, b"", {})
            web = http.client.HTTPConnection("127.0.0.1", proxy.upstream, timeout=20)
            kept = {name: value for name, value in self.headers.items() if name.lower() not in proxy.dropped}
            try:
                web.request(self.command, proxy.path(self.path), body, kept)
                answer = web.getresponse()
                self._say(answer.status, answer.read(), dict(answer.getheaders()))
            except OSError:
                self._say(502, b"", {})
            finally:
                web.close()

        def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response_only(status)
            given = {name.lower(): value for name, value in headers.items()} | {
                "content-length": str(len(body))
            }
            given.pop("transfer-encoding", None)
            if "date" in given or not headers:
                now = parsedate_to_datetime(given["date"]).timestamp() if "date" in given else None
                given["date"] = formatdate(None if now is None else now - proxy.late_s, usegmt=True)
            for name, value in given.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_HEAD = _pass_on

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()
