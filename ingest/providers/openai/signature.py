"""Standard Webhooks signatures. https://github.com/standard-webhooks/standard-webhooks

Checked here and not by the package `standardwebhooks`: that one reads the clock itself, so a delivery
could not be judged by the moment it arrived, and malformed headers leave it by half a dozen exceptions.
The tests hold the two against each other.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import replace

from ingest.dialects import parse
from ingest.providers.delivery import Delivery
from ingest.providers.openai.setting import SETTING, key
from ingest.providers.provider import Refused, configured, first

# The specification's tolerance for an attempt's age, either way.
TOLERANCE_S = 300
IDENTITY, STAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
DIGITS = re.compile("[0-9]+")
REMEDIES = {
    "wrong signature": "OPENAI_WEBHOOK_SECRETS lacks the signing secret that OpenAI shows for this webhook,"
    " or a proxy changes the body.",
    "timestamp out of tolerance": "This host's clock is more than 5 min off, or old deliveries are repeated.",
    "wrong timestamp": "It was not OpenAI who asked, or a proxy changes webhook-timestamp: it is no number.",
    "no signature": "It was not OpenAI who asked, or a proxy drops the webhook- headers.",
}


def verify_headers(bare: Delivery) -> None:
    """Raises Refused where a header is missing, or the attempt is not of now."""
    headers = bare.headers
    if not all(headers.get(name) for name in (IDENTITY, STAMP, SIGNATURE)):
        raise Refused("no signature")
    # int() alone would take signs, blanks, underscores and the digits of every script.
    sent_at = parse.integer(headers[STAMP], parse.INT64) if DIGITS.fullmatch(headers[STAMP]) else None
    if sent_at is None:
        raise Refused("wrong timestamp")
    if abs(bare.received_at - sent_at) > TOLERANCE_S:
        raise Refused("timestamp out of tolerance")


def verify(delivery: Delivery) -> None:
    """Raises Refused unless one of the secrets made one of the signatures, within the tolerance."""
    verify_headers(delivery)
    identity, stamp, offered = (delivery.headers[name] for name in (IDENTITY, STAMP, SIGNATURE))
    signatures = [part.removeprefix("v1,") for part in offered.split() if part.startswith("v1,")]
    for one in configured(SETTING):
        if not key(one):  # with it anybody could sign
            continue
        expected = signature(one, identity, stamp, delivery.body).encode()
        if any(hmac.compare_digest(expected, signature.encode()) for signature in signatures):
            return
    raise Refused("wrong signature")


def signature(secret: str, identity: str, stamp: str, body: bytes) -> str:
    """What a secret makes of an attempt: HMAC-SHA256 in base64. https://www.standardwebhooks.com"""
    signed = f"{identity}.{stamp}.".encode() + body
    return base64.b64encode(hmac.digest(key(secret), signed, hashlib.sha256)).decode()


def sign(delivery: Delivery, *, secret: str, base_url: str = "") -> Delivery:
    """Signs an attempt made at `received_at`; the webhook-id is kept, or made from the body."""
    identity = delivery.headers.get(IDENTITY) or f"wh_{hashlib.sha256(delivery.body).hexdigest()[:32]}"
    stamp = str(int(delivery.received_at))
    signed = {
        IDENTITY: identity,
        STAMP: stamp,
        SIGNATURE: f"v1,{signature(secret, identity, stamp, delivery.body)}",
    }
    return replace(delivery, headers={**delivery.headers, **signed})


def secret(delivery: Delivery, secrets: list[str]) -> str:
    """The newest secret, which stands first."""
    return first(SETTING, secrets)
