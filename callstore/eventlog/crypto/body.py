"""The delivery as it came, made small and sealed under its call's key."""

import threading

import zstandard
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from callstore.eventlog.crypto import keys

# A compressor costs 17 times what it then takes to compress a delivery, and serves one thread only.
_tools = threading.local()


def seal(key: bytes | AESGCM, raw: bytes, place: bytes) -> bytes:
    """The bytes to store: zstd, then AES-GCM. Compressed first, since ciphertext does not compress."""
    if not hasattr(_tools, "compressor"):
        _tools.compressor = zstandard.ZstdCompressor()
    return keys.encrypt(key, _tools.compressor.compress(raw), place + b"body")


def unseal(key: bytes, sealed: bytes, place: bytes) -> bytes:
    """The delivery that `seal` took. Raises cryptography's InvalidTag for a changed byte."""
    return zstandard.decompress(keys.decrypt(key, sealed, place + b"body"))
