"""What a store of recordings can do, wherever its bytes lie."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Protocol

# Names, never paths: a key cannot leave its folder, and a temporary file's leading dot cannot be a key.
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
CHUNK = 256 * 1024


class NotKept(LookupError):
    """There are no bytes under this key."""


class Store(Protocol):
    """Bytes by key. Where the store itself fails, every call raises OSError, and says why."""

    def put(self, key: str, source: BinaryIO) -> None:
        """Keeps everything `source` has from its start on. Readers see the old bytes or all the new."""
        ...

    def remove(self, key: str) -> bool:
        """Forgets the bytes, and what a killed `put` of them has left; whether there were any."""
        ...

    def size(self, key: str) -> int | None:
        """The number of bytes, or None where there are none."""
        ...

    def chunks(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` on, `length` of them or to the end, a chunk at a time.

        Raises NotKept before the first chunk is asked for.
        """
        ...

    def read(self, key: str) -> bytes:
        """All bytes. Raises NotKept."""
        ...
