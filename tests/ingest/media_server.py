"""A stand-in for Twilio's recording media on loopback: answers as it was told, remembers requests."""

import base64
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class MediaServer:
    url: str = ""
    answers: list = field(default_factory=list)  # (status, body), the last one again and again
    tokens: set = field(default_factory=lambda: {"token"})
    channels: int = 2
    requests: list = field(default_factory=list)

    def answer(self, path, authorization):
        """(status, body) to the next request. The API asks for a token, and no place that it sends us to."""
        scheme, _, token = authorization.partition(" ")
        if scheme == "Basic":
            token = base64.b64decode(token).decode().partition(":")[2]
        if path.startswith(("/2010-04-01/", "/live/")) and token not in self.tokens:
            return 401, b"{}"
        if "RequestedChannels=2" in path and self.channels < 2:
            return 400, b"{}"
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def serving():
    """Runs a MediaServer until the block ends."""
    media = MediaServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            media.requests.append((self.path, dict(self.headers)))
            status, body = media.answer(self.path, self.headers.get("Authorization", ""))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        media.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield media
        finally:
            server.shutdown()
            thread.join()
