"""Reads that may be a moment old: from a replica of Postgres, where there is one that keeps up."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections
from psycopg.errors import QueryCanceled

from callstore.eventlog.db import leader

ALIAS = "replica"
MOST_BEHIND_S = 10.0  # with more it is held for away
LOOK_EVERY_S, AGAIN_AFTER_S = 1.0, 5.0

Part = TypeVar("Part")


class _Look:
    """What was seen of the replica when it was looked at last, by any thread of this process."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        self.behind_s: float | None = None
        self.at = self.until = float("-inf")

    def away(self) -> None:
        self.behind_s, self.until = None, monotonic() + AGAIN_AFTER_S


_look = _Look()
forget = _look.forget


def is_there() -> bool:
    """Whether the settings name one."""
    return ALIAS in connections.settings


@contextmanager
def reading() -> Iterator[float | None]:
    """Have the block read from the replica; yields by how many seconds that may be behind.

    None, and the block reads from the first, where there is no replica, or it is away or too far behind.
    Nothing may be written in the block. Raises django.db's errors: ask `failed` of them.
    """
    behind_s = _behind_s() if is_there() else None
    if behind_s is None:
        yield None
        return
    with _in_place_of_the_first():
        yield behind_s


def each(parts: Iterable[Part]) -> Iterator[Part]:
    """The same parts, each read from the replica where that can be; between them it is not in use."""
    left = iter(parts)
    while True:
        with reading():
            try:
                part = next(left)
            except StopIteration:
                return
        yield part


def failed(error: BaseException) -> bool:
    """Whether the replica let a statement down that the first would answer; it is then left alone a while."""
    lets_down = isinstance(error, OperationalError | InterfaceError)
    if not lets_down or isinstance(error.__cause__, QueryCanceled):
        return False
    _look.away()
    return True


def _behind_s() -> float | None:
    if monotonic() >= _look.until and _look.lock.acquire(blocking=False):
        try:
            _measure()
        finally:
            _look.lock.release()
    if _look.behind_s is None:
        return None
    now = _look.behind_s + monotonic() - _look.at
    return now if now <= MOST_BEHIND_S else None


def _measure() -> None:
    try:
        with _in_place_of_the_first():
            behind_s = leader.renewed_s_ago()  # what else has come is as old as that
    except Error:
        connections[ALIAS].close()
        _look.away()
    else:
        _look.at = monotonic()
        _look.behind_s, _look.until = behind_s, _look.at + LOOK_EVERY_S


@contextmanager
def _in_place_of_the_first() -> Iterator[None]:
    first = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[ALIAS]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = first
