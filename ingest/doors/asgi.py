"""The doors as bare ASGI: the raw body once, gathered on the loop, then receive. Django's request and its
middleware would cost as much as everything that a delivery needs."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from callstore.base.asgi import Bodies, Unanswerable, answer, answer_unanswerable
from ingest.doors import counted, rejections
from ingest.doors.receive import Response
from ingest.providers.delivery import Delivery
from ingest.providers.provider import Refused, discovered

if TYPE_CHECKING:
    from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

DOORS = "/hooks/"  # below it, one of each provider's name
# Above every real delivery: Twilio's bodies are some kB, a batch of frames some hundred.
BODY_LIMIT = 2 * 1024 * 1024
BODY_WITHIN_S = 10.0  # below Twilio's own patience of 15 s


def before(
    pages: "ASGI3Application", receive: Callable[[Delivery], Awaitable[Response]]
) -> "ASGI3Application":
    """Answers at the doors what `receive` answers, and leaves all else to `pages`."""
    # Whose headers prove the sender, and who may be anybody: these fill no room but their own. A provider
    # that cannot be loaded is an error now, not at its first delivery.
    proved, unproved = (Bodies(BODY_LIMIT, BODY_WITHIN_S, by_length=True) for _ in range(2))
    room = {name: unproved if one.covers_body else proved for name, one in discovered().items()}

    async def application(scope: "Scope", read: "ASGIReceiveCallable", send: "ASGISendCallable") -> None:
        door = _door(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            return await pages(scope, read, send)
        assert scope["type"] == "http"
        try:
            response = await _taken(door, scope, read, room[door], receive)
        except Unanswerable as why:
            counted.answered(door, why.status)
            return await answer_unanswerable(send, why)
        counted.answered(door, response.status)
        await answer(send, response.status, response.body, response.headers)

    return application


async def _taken(
    door: str,
    scope: "HTTPScope",
    read: "ASGIReceiveCallable",
    bodies: Bodies,
    receive: Callable[[Delivery], Awaitable[Response]],
) -> Response:
    """POST only. Raises Unanswerable where no body can be had."""
    received_at = time.time()
    if scope["method"] != "POST":
        return Response(405, headers=(("Allow", "POST"),))
    bodies.announced(scope)
    bare = Delivery(door=door, path=_path(scope), headers=_headers(scope), body=b"", received_at=received_at)
    try:
        discovered()[door].verify_headers(bare)
    except Refused as refused:  # no body could make it pass, so none is read
        rejections.note(door, refused, received_at)
        return Response(403)
    body = await bodies.gather(scope, read)
    try:
        return await receive(replace(bare, body=body))
    finally:
        bodies.let_go(body)


def _door(path: str) -> str | None:
    """The name of the door at a path, with or without a last slash: a redirect would lose the form."""
    if not path.startswith(DOORS):
        return None
    name, _, rest = path.removeprefix(DOORS).partition("/")
    provider = discovered().get(name)
    return name if provider and (provider.any_path or not rest) else None


def _path(scope: "HTTPScope") -> str:
    """What was asked, path and query, as it was written on the wire."""
    query = scope["query_string"].decode("latin-1")
    return scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")


def _headers(scope: "HTTPScope") -> dict[str, str]:
    """By lower-case name, several of one name joined as RFC 9110, 5.3 says."""
    found = {"content-type": ""}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if found.get(key) else text
    return found
