"""Cursors, which go through a reader's hands: sealed by SECRET_KEY, so that nobody reads or makes them."""

import base64
import hashlib
import hmac
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings


def seal(value: Any, purpose: str) -> str:
    """JSON as text for a URL, the same each time; what one purpose sealed no other one opens."""
    return base64.urlsafe_b64encode(_box(purpose).encrypt(orjson.dumps(value), None)).rstrip(b"=").decode()


def unseal(text: str, purpose: str) -> Any:
    """What was sealed. Raises ValueError for what was not, or was for another purpose."""
    try:
        return orjson.loads(_box(purpose).decrypt(base64.urlsafe_b64decode(f"{text}=="), None))
    except (InvalidTag, ValueError):
        raise ValueError("This cursor was not made here; begin again without one.") from None


def _box(purpose: str) -> AESSIV:
    """RFC 5297: it takes no nonce, so that the same page has the same address."""
    name = f"callstore.sealed.{purpose}".encode()
    return AESSIV(hmac.digest(settings.SECRET_KEY.encode(), name, hashlib.sha512))
