"""By a webhook of your own: a CloudEvent, signed as Standard Webhooks says (github.com/standard-webhooks)."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings

from callstore.alerts import targets
from callstore.alerts.channels.channel import TIMEOUT_S, Refused
from callstore.alerts.models import Message

SALT = b"callstore.alerts.webhook"


def secret() -> str:
    """The secret that receivers verify by, `whsec_…`: made of SECRET_KEY, and another after another one."""
    key = hmac.digest(settings.SECRET_KEY.encode(), SALT, hashlib.sha256)
    return f"whsec_{base64.b64encode(key).decode()}"


def send(message: Message) -> None:
    """Post the message; a redirect is not followed. Raises Refused for anything but a 2xx."""
    import httpx  # 5 MB, for who posts

    body = orjson.dumps(_event(message))
    headers = {"Content-Type": "application/cloudevents+json", **_signed(f"msg_{message.id}", body)}
    try:
        with httpx.Client(timeout=TIMEOUT_S) as client:
            told = {"trace": _look_at_peer}
            answer = client.post(message.target, content=body, headers=headers, extensions=told)
    except httpx.HTTPError as error:
        raise Refused(f"the webhook: {type(error).__name__}") from error
    if not answer.is_success:
        raise Refused(f"the webhook answered {answer.status_code}")


def _look_at_peer(happened: str, more: Mapping[str, Any]) -> None:
    """Leave before a word is said where a name led to an address that no webhook may have. Raises Refused."""
    if happened == "connection.connect_tcp.complete":
        stream = more["return_value"]
        if targets.is_refused(stream.get_extra_info("server_addr")[0]):
            stream.close()
            raise Refused(targets.LINK_LOCAL)


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


def _signed(id: str, body: bytes) -> dict[str, str]:
    at = str(int(time.time()))
    key = base64.b64decode(secret().removeprefix("whsec_"))
    digest = hmac.digest(key, b".".join((id.encode(), at.encode(), body)), hashlib.sha256)
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature}
