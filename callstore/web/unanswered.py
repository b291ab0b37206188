"""What a person reads where a request never reached a page. A program gets the status alone, as ever."""

from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

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
        "A form may be 64 KB, and this one was larger. Nothing of it was kept: go back and send less.",
    ),
    HTTPStatus.REQUEST_TIMEOUT: Said(
        "This did not arrive in time",
        "The connection was too slow for what was sent. Nothing of it was kept: go back and send it again.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: Said(
        "Too many are asking at once",
        "Every place in line is taken. No call is lost: the log takes facts in. Try again in a moment.",
    ),
}


async def tell(scope: "HTTPScope", send: "ASGISendCallable", why: Unanswerable) -> None:
    """Say why a request could not be answered, in a page where a browser asked for one."""
    if why.status not in SAID or not _is_of_a_person(scope):
        await answer_unanswerable(send, why)
        return
    body = page(why.status)
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
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


def _is_of_a_person(scope: "HTTPScope") -> bool:
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return b"text/html" in accepted and not scope["path"].startswith("/api/")
