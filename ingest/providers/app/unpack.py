"""A packed body (Content-Encoding) as what is in it, to a limit: a kilobyte may hold gigabytes."""

import gzip
import zlib
from collections.abc import Callable
from io import BufferedIOBase, BytesIO

from backports import zstd

# Contract §3: as much as a door takes unpacked.
LIMIT = 2 * 1024 * 1024
# 8 MiB: more is neither sent nor granted by a client of HTTP (RFC 9659).
WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
PACKERS: dict[str, Callable[[BytesIO], BufferedIOBase]] = {
    "gzip": lambda packed: gzip.GzipFile(fileobj=packed),
    "zstd": lambda packed: zstd.ZstdFile(packed, options=WINDOW),
}
ALIASES = {"x-gzip": "gzip"}  # RFC 9110, 8.4.1.3
TAKEN = ", ".join(PACKERS)


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
    if name not in PACKERS:
        raise Unknown
    try:
        with PACKERS[name](BytesIO(body)) as stream:
            found = stream.read(LIMIT + 1)
    except (OSError, EOFError, zlib.error, zstd.ZstdError):
        raise Broken(name) from None
    if len(found) > LIMIT:
        raise TooLarge
    return found
