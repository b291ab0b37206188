"""A file of the spool as it is drained: record by record, behind what the log has already."""

import fcntl
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from ingest.providers.delivery import Delivery
from ingest.spool.record import Frame, frame_at, next_whole, opened
from ingest.spool.segment import DRAINED, HEAD, Head

log = logging.getLogger(__name__)
DAMAGED = ".damaged"


class Record(NamedTuple):
    """A delivery that waits, when it was put (ns since 1970), and how far its file is drained with it."""

    stamp: int
    delivery: Delivery
    reader: "Reader"
    end: int


class Reader:
    """Reads a file that somebody may still be writing. Raises WrongLogKey where no LOG_KEY opens it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = os.open(path, os.O_RDWR)
        try:
            head = Head(os.pread(self._fd, HEAD.size, 0))
            self._key = head.key
        except BaseException:
            os.close(self._fd)
            raise
        self._drained, self._records = head.drained, head.drained_records
        self._is_damaged = self._is_locked = self._is_read = False

    def records(self) -> Iterator[Record]:
        """What is not drained yet, in order. A half at the end is no record: nobody was answered for it."""
        at = self._drained
        data, start = self._rest(at), at
        self._is_read = False
        while True:
            if frame := frame_at(data, at - start):
                at += frame.size
                if delivery := self._opened(frame):
                    yield Record(frame.stamp, delivery, self, at)
                continue
            if not self.take_over():
                return  # it may be being written just now
            # Nobody writes any more: what is there now is all.
            data, start = self._rest(at), at
            whole = next_whole(data)
            if whole is None:
                self._end(len(data))
                return
            if whole:
                self._spoilt(f"{whole} bytes in {self.path} are damaged: what stood there is lost")
                at += whole

    def drained(self, end: int, records: int) -> None:
        """Note that the log has what stands before `end`, so many records more."""
        self._drained = end
        self._records += records
        kind, at = DRAINED
        os.pwrite(self._fd, kind.pack(self._drained, self._records), at)

    def take_over(self) -> bool:
        """Whether nobody writes the file, and nobody will: it is ours now."""
        if not self._is_locked:
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._is_locked = True
        return True

    def remove_if_done(self) -> bool:
        """Take the file away where the log has all of it; a damaged one is put aside under another name."""
        if not self._is_read:
            return False
        if self._is_damaged:
            self.path.rename(self.path.with_suffix(DAMAGED))
        else:
            self.path.unlink()
        return True

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._fd)

    def _rest(self, at: int) -> bytes:
        return os.pread(self._fd, max(0, os.fstat(self._fd).st_size - at), at)

    def _opened(self, frame: Frame) -> Delivery | None:
        try:
            return opened(self._key, frame)
        except (InvalidTag, ValueError, TypeError):
            self._spoilt(f"a record in {self.path} was changed: it is left there")
            return None

    def _spoilt(self, said: str) -> None:
        if not self._is_damaged:
            log.critical("%s; the file is kept as *%s", said, DAMAGED)
        self._is_damaged = True

    def _end(self, torn: int) -> None:
        if torn:
            log.warning("the last %d bytes of %s were never finished, nor answered for", torn, self.path)
        self._is_read = True
