"""By a webhook of your own: a CloudEvent, signed as Standard Webhooks says (github.com/standard-webhooks)."""

import base64
import hashlib
import hmac
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from threading import Timer
from typing import Any

import httpx
import orjson
from django.conf import settings

from callstore.alerts import targets
from callstore.alerts.channels.channel import TIMEOUT_S, Refused
from callstore.alerts.models import Message

SALT = b"callstore.alerts.webhook"
PATIENCE_S = 15.0  # for the whole of an answer; TIMEOUT_S is for each piece of it


def secret(salt: bytes = SALT) -> str:
    """The secret that receivers verify by, `whsec_…`: made of SECRET_KEY, and another after another one."""
    key = hmac.digest(settings.SECRET_KEY.encode(), salt, hashlib.sha256)
    return f"whsec_{base64.b64encode(key).decode()}"


def send(message: Message) -> None:
    """Post the message; a redirect is not followed. Raises Refused for anything but a 2xx."""
    post(message.target, f"msg_{message.id}", orjson.dumps(_event(message)), secret())


def post(url: str, id: str, body: bytes, secret: str) -> None:
    """Post a signed CloudEvent; a redirect is not followed and no answer's body is read.

    Raises NoAnswer where there was none within PATIENCE_S, and Refused for anything but a 2xx.
    """
    headers = {"Content-Type": "application/cloudevents+json", **_signed(id, body, secret)}
    line = _Line()
    late = Timer(PATIENCE_S, line.cut)
    late.start()
    try:
        with httpx.Client(timeout=TIMEOUT_S) as client:
            told = {"trace": line.look_at_peer}
            with client.stream("POST", url, content=body, headers=headers, extensions=told) as answer:
                status = answer.status_code
    except httpx.HTTPError as error:
        raise NoAnswer(f"the webhook: {type(error).__name__}") from error
    finally:
        late.cancel()
    if not 200 <= status < 300:
        raise Refused(f"the webhook answered {status}")


class NoAnswer(Refused):
    """The receiver could not be reached, or did not answer in time."""


class _Line:
    """The connection of one post: checked before a word is said, and cut where an answer never ends."""

    def __init__(self) -> None:
        self._stream: Any = None

    def look_at_peer(self, happened: str, more: Mapping[str, Any]) -> None:
        """Leave where a name led to an address that no webhook may have. Raises Refused."""
        if happened == "connection.connect_tcp.complete":
            self._stream = more["return_value"]
            if targets.is_refused(self._stream.get_extra_info("server_addr")[0]):
                self._stream.close()
                raise Refused(targets.LINK_LOCAL)

    def cut(self) -> None:
        """End it from another thread; who waits for an answer learns it at once."""
        if self._stream is not None:
            with suppress(OSError):
                self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


def _event(message: Message) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": f"msg_{message.id}",
        "source": settings.PUBLIC_BASE_URL or "/callstore",
        "type": f"alert.{message.kind}",
        "time": message.made_at.isoformat(timespec="milliseconds"),
        "subject": message.key,
        "data": {"subject": message.subject, "text": message.body, **message.facts},
    }


def _signed(id: str, body: bytes, secret: str) -> dict[str, str]:
    at = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, b".".join((id.encode(), at.encode(), body)), hashlib.sha256)
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature}
