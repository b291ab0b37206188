"""The doors as bare WSGI: the raw body once, then receive. Django's request and its middleware would cost as
much as everything that a delivery needs."""

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from ingest.doors.receive import Response
from ingest.providers.delivery import Delivery
from ingest.providers.provider import discovered

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DOORS = "/hooks/"  # below it, one of each provider's name
# Contract §3. Above every real delivery: Twilio's bodies are some kB, a batch of frames some hundred.
BODY_LIMIT = 2 * 1024 * 1024
PLAIN_IN_A_PATH = "/:@!$&'()*+,;=~"  # RFC 3986, 3.3
STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def before(pages: "WSGIApplication", receive: Callable[[Delivery], Response]) -> "WSGIApplication":
    """Answers at the doors what `receive` answers, and leaves all else to `pages`."""
    discovered()  # a provider that cannot be loaded is an error now, not at its first delivery

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        door = _door(environ["PATH_INFO"])
        if door is None:
            return pages(environ, start_response)
        delivery = _delivery(door, environ)
        answer = receive(delivery) if isinstance(delivery, Delivery) else delivery
        kind = [("Content-Type", "application/json")] if answer.body else []
        start_response(STATUS_LINES[answer.status], [*answer.headers, *kind])
        return [answer.body]

    return application


def _door(path: str) -> str | None:
    """The name of the door at a path, with or without a last slash: a redirect would lose the form."""
    if not path.startswith(DOORS):
        return None
    name, _, rest = path.removeprefix(DOORS).partition("/")
    provider = discovered().get(name)
    return name if provider and (provider.any_path or not rest) else None


def _delivery(door: str, environ: "WSGIEnvironment") -> Delivery | Response:
    """POST only; 413 over the limit."""
    received_at = time.time()
    if environ["REQUEST_METHOD"] != "POST":
        return Response(405, headers=(("Allow", "POST"),))
    body = _body(environ)
    if body is None:
        return Response(413)
    return Delivery(
        door=door, path=_path(environ), headers=_headers(environ), body=body, received_at=received_at
    )


def _body(environ: "WSGIEnvironment") -> bytes | None:
    """The body, or None over the limit, by what is said or by what comes."""
    try:
        announced = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced = 0
    if announced > BODY_LIMIT:
        return None
    if announced <= 0 and not environ.get("wsgi.input_terminated"):
        return b""
    # A chunked body has no length, and this server marks its end.
    most = announced if announced > 0 else BODY_LIMIT + 1
    body: bytes = environ["wsgi.input"].read(most)
    return body if len(body) <= BODY_LIMIT else None


def _path(environ: "WSGIEnvironment") -> str:
    """What was asked, path and query, as it was written on the wire.

    A server hands the path over decoded; only an escaped slash cannot be told from a plain one.
    """
    path = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
    query = environ.get("QUERY_STRING", "")
    return quote(path.encode("latin-1"), safe=PLAIN_IN_A_PATH) + (f"?{query}" if query else "")


def _headers(environ: "WSGIEnvironment") -> dict[str, str]:
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    return headers
