"""A client that asks the whole WSGI application, doors and pages, as a server would."""

from functools import cache

from django import test
from django.http import HttpResponse
from django.test.client import ClientHandler

from ingest.doors.receive import receive
from ingest.doors.wsgi import before


class Handler(ClientHandler):
    """Django's, behind the doors."""

    def __call__(self, environ):
        answered = []

        def pages(environ, start_response):
            answered.append(ClientHandler.__call__(self, environ))
            return []

        def start_response(status, headers):
            answered.append(HttpResponse(status=int(status.split()[0]), headers=dict(headers)))
            answered[0].wsgi_request = None

        body = b"".join(before(pages, receive)(environ, start_response))
        [answer] = answered
        if answer.wsgi_request is None:
            answer.content = body
        return answer


@cache  # the server lives as long as all tests
def opened(live_server):
    """Django's live server with the doors before it."""
    server = live_server.thread.httpd
    server.set_app(before(server.get_app(), receive))
    return live_server


class Client(test.Client):
    def __init__(self, **options):
        super().__init__(**options)
        self.handler = Handler(enforce_csrf_checks=True)
