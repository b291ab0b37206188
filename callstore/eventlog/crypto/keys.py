"""The calls' keys: one AES-256-GCM key a call, wrapped by LOG_KEY, and what is encrypted under it."""

import base64
import binascii
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SIZE = 32
NONCE = 12  # random: 2**32 messages under one key are safe, a call has some thousands


class WrongLogKey(ImproperlyConfigured):
    """No LOG_KEY opens what was written before."""

    def __init__(self) -> None:
        super().__init__("LOG_KEY does not open the keys of this log: give the one it was written with too")


def new() -> bytes:
    """A fresh key for a call."""
    return os.urandom(SIZE)


def wrap(key_id: UUID, key: bytes) -> bytes:
    """A call's key under the first LOG_KEY. Raises ImproperlyConfigured without a usable LOG_KEY."""
    return encrypt(_master_keys(tuple(settings.LOG_KEYS))[0], key, key_id.bytes)


def rewrap(key_id: UUID, wrapped: bytes) -> bytes | None:
    """A wrapped key under the first LOG_KEY; None where it is that already. Raises ImproperlyConfigured."""
    try:
        decrypt(_master_keys(tuple(settings.LOG_KEYS))[0], wrapped, key_id.bytes)
        return None
    except InvalidTag:
        return wrap(key_id, unwrap(key_id, wrapped))


@lru_cache(maxsize=4096)  # a page or a fold meets the same call again and again
def unwrap(key_id: UUID, wrapped: bytes) -> bytes:
    """The call's key, by whichever LOG_KEY wrapped it. Raises WrongLogKey when none did."""
    key = _unwrapped(key_id, wrapped)
    if key is None:
        raise WrongLogKey
    return key


def opens(key_id: UUID, wrapped: bytes) -> bool:
    """Whether any LOG_KEY opens a call's key. Raises ImproperlyConfigured without a usable LOG_KEY."""
    return _unwrapped(key_id, wrapped) is not None


def _unwrapped(key_id: UUID, wrapped: bytes) -> bytes | None:
    for master in _master_keys(tuple(settings.LOG_KEYS)):
        try:
            return decrypt(master, wrapped, key_id.bytes)
        except InvalidTag:
            continue
    return None


def encrypt(key: bytes | AESGCM, plain: bytes, place: bytes) -> bytes:
    """Nonce and ciphertext. `place` says where it belongs; it opens nowhere else.

    Who encrypts twice under a key gives its cipher: to make one takes longer than to use it.
    """
    nonce = os.urandom(NONCE)
    cipher = key if isinstance(key, AESGCM) else AESGCM(key)
    return nonce + cipher.encrypt(nonce, plain, place)


def decrypt(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """What `encrypt` sealed. Raises InvalidTag for another key, another place or a changed byte."""
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place)


@lru_cache(maxsize=4)
def _master_keys(texts: tuple[str, ...]) -> list[bytes]:
    if not texts:
        raise ImproperlyConfigured(
            "LOG_KEY is missing: 32 random bytes in base64, which wrap the calls' keys"
        )
    try:
        found = [base64.b64decode(text, validate=True) for text in texts]
    except binascii.Error as error:
        raise ImproperlyConfigured("LOG_KEY must be base64") from error
    if any(len(key) != SIZE for key in found):
        raise ImproperlyConfigured("LOG_KEY must be 32 bytes, base64")
    return found
