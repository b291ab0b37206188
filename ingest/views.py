"""The doors as HTTP: the raw body once, then receive. Plain views, because this is the hot path."""

import time
from typing import IO, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from ingest.delivery import Delivery
from ingest.receive import receive

# Contract §3. Above every real delivery: Twilio's bodies are some kB, a batch of frames some hundred.
BODY_LIMIT = 2 * 1024 * 1024
PLAIN_IN_A_PATH = "/:@!$&'()*+,;=~"  # RFC 3986, 3.3


@csrf_exempt
def door(request: HttpRequest, door: str) -> HttpResponse:
    """POST only; 413 over the limit; otherwise what `receive` answers."""
    received_at = time.time()
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    body = _body(request)
    if body is None:
        return HttpResponse(status=413)
    answer = receive(
        Delivery(
            door=door,
            path=_path(request),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
            received_at=received_at,
        )
    )
    response = HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
    response["Content-Type"] = "application/json" if answer.body else "text/plain"
    return response


def _body(request: HttpRequest) -> bytes | None:
    """The body, or None over the limit, by what is said or by what comes.

    Read from the stream and not as request.body, whose own limit answers 400.
    """
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced = 0
    if announced > BODY_LIMIT:
        return None
    stream = cast(IO[bytes], request)
    if not announced and request.META.get("wsgi.input_terminated"):
        # A chunked body has no length, and Django would read none of it; this server marks its end.
        stream = request.META["wsgi.input"]
    body = stream.read(BODY_LIMIT + 1)
    return body if len(body) <= BODY_LIMIT else None


def _path(request: HttpRequest) -> str:
    """What was asked, path and query, as it was written on the wire.

    A server hands the path over decoded; only an escaped slash cannot be told from a plain one.
    """
    query = request.META.get("QUERY_STRING", "")
    return quote(request.path, safe=PLAIN_IN_A_PATH) + (f"?{query}" if query else "")
