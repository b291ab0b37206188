"""What is read where a request never reached a page: a person a page, a client of the API a problem.

Any other program gets the status alone.
"""

from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import orjson
from csp.utils import build_policy
from django.template.loader import render_to_string

from callstore.base.asgi import RETRY_AFTER, Unanswerable, answer_unanswerable, send_body, send_start

if TYPE_CHECKING:
    from asgiref.typing import ASGISendCallable, HTTPScope


class Said(NamedTuple):
    """A headline and a sentence."""

    headline: str
    why: str


SAID = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Said(
        "This is too much at once",
        "What is sent here may be 64 KB, and this was larger. Nothing of it was kept: send less.",
    ),
    HTTPStatus.REQUEST_TIMEOUT: Said(
        "This did not arrive in time",
        "The connection was too slow for what was sent. Nothing of it was kept: send it again.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: Said(
        "Too many are asking at once",
        "Every place in line is taken. No call is lost: the log takes facts in. Try again in a moment.",
    ),
}


async def tell(scope: "HTTPScope", send: "ASGISendCallable", why: Unanswerable) -> None:
    """Say why a request could not be answered, to clients of the API as whatever goes wrong there."""
    is_of_a_client = why.status in SAID and scope["path"].startswith("/api/")
    if why.status not in SAID or not (is_of_a_client or _is_of_a_person(scope)):
        await answer_unanswerable(send, why)
        return
    body = problem(why.status) if is_of_a_client else page(why.status)
    headers = [
        ("Content-Type", "application/problem+json" if is_of_a_client else "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", build_policy()),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if why.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(RETRY_AFTER)
    await send_start(send, why.status, headers)
    await send_body(send, b"" if scope["method"] == "HEAD" else body)


@cache
def page(status: HTTPStatus) -> bytes:
    """The page of a status, made once: it is asked for when there is no time."""
    said = SAID[status]
    return render_to_string("unanswered.html", {"said": said}).encode()


@cache
def problem(status: HTTPStatus) -> bytes:
    """The problem details (RFC 9457) of a status."""
    said = {"type": "about:blank", "title": status.phrase, "status": status, "detail": SAID[status].why}
    return orjson.dumps(said)


def _is_of_a_person(scope: "HTTPScope") -> bool:
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return b"text/html" in accepted
