"""A stand-in for a speech-to-text provider on loopback: answers as told, remembers what it was sent."""

import email
import email.policy
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class SpeechServer:
    url: str = ""
    answer: tuple = (200, b'{"text": "They told me"}')
    requests: list = field(default_factory=list)  # (path, headers, {name: bytes} of the form)


def _form(headers, body):
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + body, policy=email.policy.HTTP).iter_parts()
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts
    }


@contextmanager
def serving():
    """Runs a SpeechServer until the block ends."""
    speech = SpeechServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            speech.requests.append((self.path, dict(self.headers), _form(self.headers, body)))
            status, answer = speech.answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        speech.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield speech
        finally:
            server.shutdown()
            thread.join()
