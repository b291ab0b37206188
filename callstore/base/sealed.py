"""Values that go through a reader's hands: sealed by SECRET_KEY, so that nobody reads or makes them."""

import base64
import hashlib
import hmac
from typing import Any

import orjson
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(value: Any, purpose: str) -> str:
    """JSON as text for a URL; what one purpose sealed no other one opens."""
    return _box(purpose).encrypt(orjson.dumps(value)).decode()


def unseal(text: str, purpose: str) -> Any:
    """What was sealed. Raises ValueError for what was not, or was for another purpose."""
    try:
        return orjson.loads(_box(purpose).decrypt(text))
    except InvalidToken:
        raise ValueError("not sealed here") from None


def _box(purpose: str) -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), f"callstore.sealed.{purpose}".encode(), hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))
