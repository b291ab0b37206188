"""A packed body (Content-Encoding) as what is in it, to a limit: a kilobyte may hold gigabytes."""

import zlib
from collections.abc import Callable
from typing import Protocol

from backports import zstd


class Unpacker(Protocol):
    """One member of a packed body: a frame of zstd, or a file of gzip."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


# As much as a door takes unpacked.
LIMIT = 2 * 1024 * 1024
# 8 MiB: more is neither sent nor granted by a client of HTTP (RFC 9659).
WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
MEMBERS = 64  # of one body; each empty one costs time, and fills nothing
UNPACKERS: dict[str, Callable[[], Unpacker]] = {
    "gzip": lambda: zlib.decompressobj(zlib.MAX_WBITS | 16),
    "zstd": lambda: zstd.ZstdDecompressor(options=WINDOW),
}
ALIASES = {"x-gzip": "gzip"}  # RFC 9110, 8.4.1.3
TAKEN = ", ".join(UNPACKERS)


class Unknown(Exception):
    """The encoding is none of those that are taken."""


class TooLarge(Exception):
    """There is more in it than the limit."""


class Broken(Exception):
    """It is not what it says, or not all of it; the message is the name of the encoding."""


def unpacked(body: bytes, encoding: str) -> bytes:
    """What is in a body; `encoding` is the header as it came. Raises Unknown, TooLarge or Broken."""
    name = encoding.strip().lower()
    name = ALIASES.get(name, name)
    if not body or name in ("", "identity"):
        return body
    if name not in UNPACKERS:
        raise Unknown
    found = bytearray()
    for _ in range(MEMBERS):
        unpacker = UNPACKERS[name]()
        try:
            found += unpacker.decompress(body, LIMIT + 1 - len(found))
        except (zlib.error, zstd.ZstdError):
            raise Broken(name) from None
        if len(found) > LIMIT:
            raise TooLarge
        if not unpacker.eof:
            raise Broken(name)
        body = unpacker.unused_data
        if not body:
            return bytes(found)
    raise Broken(name)
