"""The folder of the spool: this process's file in it, its bound, and whether anything waits there."""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from uuid import uuid4

from django.conf import settings

from ingest.providers.delivery import Delivery
from ingest.spool.segment import LONGEST, SUFFIX, Segment


class SpoolFull(Exception):
    """The spool takes no more; the message says why. Nothing of what was given counts as kept."""


class Spool:
    """A folder that several processes share; each writes a file of its own. For any thread.

    What is put is drained by whichever process lives (ingest/spool/drain.py), the oldest first.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder, self.limit = folder, limit  # bytes, of all processes' files together
        self._owner = f"{os.getpid()}-{uuid4().hex[:8]}"
        self._lock = Lock()
        self._segment: Segment | None = None

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Keep verified deliveries in this order; return when the disk has them, one wait for all.

        Raises SpoolFull. The same again is harmless: the log knows its facts by their keys.
        """
        if not deliveries:
            return
        with self._lock:
            try:
                self._check_room(sum(len(delivery.body) for delivery in deliveries))
                if self._segment is None:
                    self._segment = Segment(self.folder, self._owner)
                self._segment.append(deliveries)
                if self._segment.size >= LONGEST:
                    self._let_go()
            except OSError as error:
                # What a failed write left behind is judged by whoever drains, once nobody holds the file.
                self._let_go()
                raise SpoolFull(f"{self.folder} cannot be written: {error.strerror}") from error

    def pending(self) -> bool:
        """Whether anything of any process's waits here: what comes now must then wait behind it."""
        try:
            return any(name.endswith(SUFFIX) for name in os.listdir(self.folder))
        except OSError:  # nobody has made it yet, or nobody can
            return False

    def release_drained(self) -> None:
        """Let go of this process's file where the log has all of it, so that it can be taken away."""
        with self._lock:
            if self._segment and self._segment.is_drained:
                self._let_go()

    def set_aside(self, delivery: Delivery, suffix: str) -> None:
        """Keep a delivery in a file of its own, with another suffix than what waits. Raises OSError."""
        segment = Segment(self.folder, self._owner)
        segment.append([delivery])
        segment.path.rename(segment.path.with_suffix(suffix))
        segment.close()

    def size(self) -> int:
        """Bytes of all files."""
        try:
            with os.scandir(self.folder) as entries:
                return sum(_size(entry) for entry in entries)
        except FileNotFoundError:
            return 0

    def _check_room(self, more: int) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.size() + more > self.limit:
            raise SpoolFull(f"{self.folder} holds SPOOL_LIMIT_MB")

    def _let_go(self) -> None:
        if self._segment:
            self._segment.close()
            self._segment = None


def spool() -> Spool:
    """The spool of this process."""
    return _spool(settings.SPOOL_DIR, settings.SPOOL_LIMIT_MB)


def forget() -> None:
    """Begin anew, with a file of its own: for who has taken the folder away."""
    _spool.cache_clear()


@lru_cache
def _spool(folder: str, limit_mb: int) -> Spool:
    return Spool(Path(folder), limit_mb * 1024 * 1024)


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_size
    except FileNotFoundError:  # drained meanwhile
        return 0
