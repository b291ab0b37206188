"""The way out of the spool: the oldest first, into the log, by one process at a time and whichever lives."""

import fcntl
import heapq
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from operator import attrgetter
from pathlib import Path

import psycopg
from django.db import close_old_connections, connection

from callstore.base.seldom import LONGEST, Seldom
from callstore.eventlog.crypto.keys import WrongLogKey
from callstore.postgres.reachable import is_reachable
from ingest.spool import keep
from ingest.spool.reader import DAMAGED, Reader, Record
from ingest.spool.segment import NASCENT, SUFFIX
from ingest.spool.spool import Spool, spool

log = logging.getLogger(__name__)

MOST, HEAVY = 100, 256 * 1024  # deliveries, and bytes of them, appended at once
LOOK_S = 0.1  # how often it is looked whether something waits
AWAIT_S = 0.5  # before the database is tried again
LOCK = "drain.lock"
ASIDE, SHUT = ".aside", ".shut"  # what the log would not take, and what no LOG_KEY opens
AGAIN_S = 600.0  # and at each start: both are tried again
PATIENCE = 5  # tries of a statement that takes too long, before its delivery holds up no other

_seldom = Seldom()


def start() -> None:
    """Drain whatever waits, now and later, for as long as this process lives: in a thread."""
    threading.Thread(target=_run, daemon=True, name="spool").start()


def _run() -> None:
    drain, again = Drain(spool()), -AGAIN_S
    while True:
        try:
            if time.monotonic() - again >= AGAIN_S:
                again = time.monotonic()
                drain.try_again()
            wait = drain.step()
        except Exception:
            log.exception("the spool could not be drained")
            wait = AWAIT_S
        if wait:
            close_old_connections()
            time.sleep(wait)


class Drain:
    """Drains a spool step by step."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._failed: tuple[int, int] = (0, 0)  # the first record of the last try, and how often it failed
        self._is_away = False
        self._came = 0  # deliveries since the spool was empty

    def step(self) -> float:
        """Bring some deliveries to the log; after how many seconds to look again."""
        self._spool.release_drained()
        if not self._spool.pending():
            return LOOK_S
        if self._is_away and not is_reachable():  # nothing is opened and read in vain
            return AWAIT_S
        with self._alone() as alone:
            return self._step() if alone else AWAIT_S

    def try_again(self) -> None:
        """Let wait like the others what the log would not take, and what no key opened."""
        with self._alone() as alone:
            if alone:
                for path in self._spool.folder.iterdir():
                    if path.suffix in (ASIDE, SHUT):
                        path.rename(path.with_suffix(SUFFIX))
                    elif path.suffix == NASCENT and path.stat().st_mtime < time.time() - AGAIN_S:
                        path.unlink()  # whoever made it died before anything was in it

    def _step(self) -> float:
        with ExitStack() as stack:
            readers = list(self._readers(stack))
            batch = _batch(readers)
            if batch and not self._kept(batch):
                return AWAIT_S
            done = [reader.remove_if_done() for reader in readers]
        if any(done) and not self._spool.pending():
            log.warning("the spool is empty again, %d deliveries of it came into the log", self._came)
            self._came = 0
        # Nothing came of it: what waits is of a process that is just writing it.
        return 0.0 if batch or any(done) else LOOK_S

    def _readers(self, stack: ExitStack) -> Iterator[Reader]:
        """The oldest file of each process that has any."""
        oldest: dict[str, Path] = {}
        for path in sorted(self._spool.folder.glob(f"*{SUFFIX}")):
            oldest.setdefault(path.stem.partition("-")[2], path)
        for path in oldest.values():
            with suppress(FileNotFoundError):
                try:
                    reader = Reader(path)
                except WrongLogKey as error:
                    self._shut(path, str(error), SHUT)
                except ValueError as error:
                    self._shut(path, str(error), DAMAGED)
                else:
                    stack.callback(reader.close)
                    yield reader

    def _shut(self, path: Path, why: str, suffix: str) -> None:
        with path.open("rb") as file, suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not while its process lives
            path.rename(path.with_suffix(suffix))
            log.critical("%s is kept and not read, as *%s: %s", path, suffix, why)

    def _kept(self, batch: list[Record]) -> bool:
        """Whether the log has them now, or they are set aside; else nothing has changed."""
        try:
            _append(batch)
        except Exception as error:
            return self._despite(error, batch)
        self._is_away = False
        self._came += len(batch)
        _note(batch)
        return True

    def _despite(self, error: Exception, batch: list[Record]) -> bool:
        self._is_away = keep.is_awaited(error)
        if self._is_away:
            connection.close()
        if keep.is_wrong_key(error) or (keep.is_awaited(error) and not self._is_to_blame(batch, error)):
            if times := _seldom.due("waits"):
                said = str(error)[:LONGEST]
                log.error("the spool waits for the database (tried %d times): %s", times, said)
            return False
        if len(batch) > 1:  # the fault of one holds up no other
            return all(self._kept([record]) for record in batch)
        log.critical("a delivery is set aside, the log does not take it", exc_info=error)
        self._spool.set_aside(batch[0].delivery, ASIDE)
        _note(batch)
        return True

    def _is_to_blame(self, batch: list[Record], error: Exception) -> bool:
        """Whether the database answers, and its statement alone takes too long, again and again."""
        if not isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            return False
        first, before = self._failed
        self._failed = (batch[0].stamp, before + 1 if batch[0].stamp == first else 1)
        return self._failed[1] >= PATIENCE

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Whether no other process drains the folder while the block runs."""
        with ExitStack() as stack:
            try:
                lock = stack.enter_context(open(self._spool.folder / LOCK, "a", opener=_private))
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (FileNotFoundError, BlockingIOError):
                yield False
            else:
                yield True


def _batch(readers: list[Reader]) -> list[Record]:
    """The oldest records of all files, each file's in its order."""
    batch, heavy = [], 0
    for record in heapq.merge(*(reader.records() for reader in readers), key=attrgetter("stamp")):
        batch.append(record)
        heavy += len(record.delivery.body)
        if len(batch) >= MOST or heavy >= HEAVY:
            break
    return batch


def _append(batch: list[Record]) -> None:
    keep.append_in_order([keep.Verified.of(record.delivery) for record in batch])


def _note(batch: list[Record]) -> None:
    """Note in the files that the log has these."""
    last = {record.reader: record.end for record in batch}
    counts = Counter(record.reader for record in batch)
    for reader, end in last.items():
        reader.drained(end, counts[reader])


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
