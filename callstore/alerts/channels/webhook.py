"""By a webhook of your own: a CloudEvent, signed as Standard Webhooks says (github.com/standard-webhooks)."""

import base64
import hashlib
import hmac
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from threading import Timer
from typing import Any, Self

import orjson
from django.conf import settings

from callstore.alerts import targets
from callstore.alerts.channels.channel import TIMEOUT_S, Refused
from callstore.alerts.models import Message

ANSWERED_WITHIN_S = 15.0  # from the connection on, however the answer drips; TIMEOUT_S is for each piece
SALT = b"callstore.alerts.webhook"


def secret(salt: bytes = SALT) -> str:
    """The secret that receivers verify by, `whsec_…`: made of SECRET_KEY, and another after another one."""
    key = hmac.digest(settings.SECRET_KEY.encode(), salt, hashlib.sha256)
    return f"whsec_{base64.b64encode(key).decode()}"


def send(message: Message) -> None:
    """Post the message. Raises Refused for anything but a 2xx."""
    data = {"subject": message.subject, "text": message.body, **message.facts}
    event = cloud_event(
        f"msg_{message.id}", f"alert.{message.kind}", message.made_at, subject=message.key, data=data
    )
    post(message.target, event, secret())


def cloud_event(id: str, type: str, at: datetime, **more: object) -> dict[str, object]:
    """A CloudEvent of this instance, with what else it has: `subject`, `data`, extensions."""
    return {
        "specversion": "1.0",
        "id": id,
        "source": settings.PUBLIC_BASE_URL or "/callstore",
        "type": type,
        "time": at.isoformat(timespec="milliseconds"),
        **more,
    }


def post(url: str, event: Mapping[str, object], secret: str) -> None:
    """Post a CloudEvent, signed; no redirect is followed, and of the answer no more than its status is read.

    It goes there directly: behind a proxy of the environment the peer that is looked at would be the proxy.

    Raises NoAnswer where there was none within ANSWERED_WITHIN_S, and Refused for anything but a 2xx.
    """
    import httpx  # 5 MB, for who posts

    body = orjson.dumps(event)
    headers = {"Content-Type": "application/cloudevents+json", **_signed(str(event["id"]), body, secret)}
    connection = _Connection()
    traced = {"trace": connection.traced}
    try:
        with (
            httpx.Client(timeout=TIMEOUT_S, transport=httpx.HTTPTransport()) as client,
            connection,
            client.stream("POST", url, content=body, headers=headers, extensions=traced) as answer,
        ):
            pass
    except httpx.HTTPError as error:
        if connection.is_late:
            raise NoAnswer("the webhook did not answer in time") from error
        raise NoAnswer(f"the webhook: {type(error).__name__}") from error
    if not answer.is_success:
        raise Refused(f"the webhook answered {answer.status_code}")


class NoAnswer(Refused):
    """The receiver could not be reached, or did not answer in time."""


class _Connection:
    """The connection of one message: left where it leads to a refused address, or when its time is over."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._timer = Timer(ANSWERED_WITHIN_S, self._shut)
        self.is_late = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def traced(self, happened: str, more: Mapping[str, Any]) -> None:
        """Look at the peer before a word is said to it, and see that it has no more than its time.

        Raises Refused.
        """
        if happened in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            stream = more["return_value"]
            self._socket = stream.get_extra_info("socket")
        if happened == "connection.connect_tcp.complete":
            if targets.is_refused(stream.get_extra_info("server_addr")[0]):
                stream.close()
                raise Refused(targets.LINK_LOCAL)
            self._timer.start()

    def _shut(self) -> None:
        self.is_late = True
        with suppress(OSError):
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)


def _signed(id: str, body: bytes, secret: str) -> dict[str, str]:
    at = str(int(time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, b".".join((id.encode(), at.encode(), body)), hashlib.sha256)
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature}
