"""A file of the spool: its head, and one record behind the other. One process writes it and holds its lock.

The kernel lets go of the lock when that process dies, however it dies: whoever gets the lock may judge what
is half written, and take the file away.
"""

import fcntl
import os
import struct
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

from callstore.eventlog.crypto import keys
from ingest.providers.delivery import Delivery
from ingest.spool.record import framed

MAGIC = b"cs-spl-1"
# Magic, records written, bytes and records drained, the key's id and the key, wrapped by LOG_KEY.
HEAD = struct.Struct("!8sQQQ16s60s")
WRITTEN = struct.Struct("!Q"), 8
DRAINED = struct.Struct("!QQ"), 16
SUFFIX = ".spool"
NASCENT = ".new"  # until it is locked and its head is whole
LONGEST = 4 * 1024 * 1024  # bytes, before the next is begun: a drained file gives its room back


class Segment:
    """The file that this process writes; made with its first records."""

    def __init__(self, folder: Path, owner: str) -> None:
        self.path = folder / f"{time.time_ns():019d}-{owner}{SUFFIX}"
        nascent = self.path.with_suffix(NASCENT)
        self._fd = os.open(nascent, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            key_id, self._key = uuid4(), keys.new()
            head = HEAD.pack(MAGIC, 0, HEAD.size, 0, key_id.bytes, keys.wrap(key_id, self._key))
            _write(self._fd, head, 0)
            nascent.rename(self.path)
        except BaseException:
            os.close(self._fd)
            nascent.unlink(missing_ok=True)
            raise
        self._is_new = True
        self._stamp = self._records = 0
        self.size = HEAD.size

    def append(self, deliveries: Sequence[Delivery]) -> None:
        """Write the deliveries, and return when the disk has them: one wait for all. Raises OSError."""
        parts = []
        for delivery in deliveries:
            # A clock that is set back must not turn the order round.
            self._stamp = max(time.time_ns(), self._stamp + 1)
            parts.append(framed(self._key, self._stamp, delivery))
        written = b"".join(parts)
        _write(self._fd, written, self.size)
        self._records += len(parts)
        kind, at = WRITTEN
        os.pwrite(self._fd, kind.pack(self._records), at)
        os.fdatasync(self._fd)
        if self._is_new:
            sync_folder(self.path.parent)
            self._is_new = False
        self.size += len(written)

    @property
    def is_drained(self) -> bool:
        """Whether the log has all of it."""
        kind, at = DRAINED
        return bool(kind.unpack(os.pread(self._fd, kind.size, at))[0] == self.size)

    def close(self) -> None:
        """Let go of it: whoever drains takes it away."""
        os.close(self._fd)


class Head:
    """What a file says of itself: its key, and how far it is drained."""

    def __init__(self, raw: bytes) -> None:
        """Raises ValueError for what is no head."""
        if len(raw) < HEAD.size or not raw.startswith(MAGIC):
            raise ValueError("no file of the spool")
        _, self.written, self.drained, self.drained_records, key_id, self._wrapped = HEAD.unpack(raw)
        self._key_id = UUID(bytes=key_id)

    @property
    def key(self) -> bytes:
        """The key of its records. Raises WrongLogKey where no LOG_KEY opens it."""
        return keys.unwrap(self._key_id, self._wrapped)


def sync_folder(folder: Path) -> None:
    """Bring the names in the folder to the disk."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _write(fd: int, data: bytes, at: int) -> None:
    """All of it: a disk that fills up takes a part."""
    while data:
        taken = os.pwrite(fd, data, at)
        data, at = data[taken:], at + taken
