"""A client that asks the doors as the event loop asks them, and Django behind them."""

import asyncio
from functools import cache
from queue import SimpleQueue
from threading import Thread
from urllib.parse import quote

from django import test
from django.http import HttpResponse
from django.test.client import ClientHandler

from ingest.doors import asgi, rejections
from ingest.doors.receive import receive

PLAIN_IN_A_PATH = "/:@!$&'()*+,;=~"  # RFC 3986, 3.3


def through_the_doors(scope, parts):
    """The answer of the doors to these parts of a body, or None where it is no door's path.

    The loop has a thread of its own; what it hands over is received in this one, whose transaction a test
    takes back.
    """
    asked, answered = SimpleQueue(), []

    async def taken(delivery):
        made = asyncio.get_running_loop().create_future()
        asked.put((delivery, made))
        return await made

    async def pages(scope, read, send):
        answered.append(None)

    async def read():
        part = next(parts, None)
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    async def send(message):
        answered.append(message)

    def run():
        asyncio.run(asgi.before(pages, taken)(scope, read, send))
        asked.put(None)

    thread = Thread(target=run)
    thread.start()
    while order := asked.get():
        delivery, made = order
        made.get_loop().call_soon_threadsafe(made.set_result, receive(delivery))
    thread.join()
    rejections.flush()
    if answered == [None]:
        return None
    start, body = answered
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return HttpResponse(body["body"], status=start["status"], headers=headers)


def scope_of(environ):
    path = environ.get("RAW_PATH") or quote(environ["PATH_INFO"].encode("latin-1"), safe=PLAIN_IN_A_PATH)
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    headers |= {
        name.replace("_", "-").lower(): str(environ[name])
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH")
        if environ.get(name)
    }
    return {
        "type": "http",
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "raw_path": path.encode(),
        "query_string": environ.get("QUERY_STRING", "").encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
    }


def parts_of(environ):
    announced = str(environ.get("CONTENT_LENGTH") or "")
    yield environ["wsgi.input"].read(int(announced) if announced.isdigit() else -1)


class Handler(ClientHandler):
    """Django's, behind the doors."""

    def __call__(self, environ):
        answer = through_the_doors(scope_of(environ), parts_of(environ))
        if answer is None:
            return super().__call__(environ)
        answer.wsgi_request = None
        return answer


@cache  # the server lives as long as all tests
def opened(live_server):
    """Django's live server with the doors before it."""
    server = live_server.thread.httpd
    pages = server.get_app()

    def application(environ, start_response):
        answer = through_the_doors(scope_of(environ), parts_of(environ))
        if answer is None:
            return pages(environ, start_response)
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [answer.content]

    server.set_app(application)
    return live_server


class Client(test.Client):
    def __init__(self, **options):
        super().__init__(**options)
        self.handler = Handler(enforce_csrf_checks=True)
