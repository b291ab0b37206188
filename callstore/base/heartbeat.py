"""Heartbeats: processes say in Valkey every few seconds that they are alive, and /readyz asks who did."""

from collections.abc import Iterable
from contextlib import suppress

from redis import RedisError

from callstore.base import counts
from callstore.base.valkey import valkey

BEAT_EVERY_S = 3.0
# Three missed beats and a slow start of one: longer would call a dead process alive, shorter a busy one dead.
SILENT_AFTER_S = 12
SELDOM = {"beat": 60}  # it says so with the tasks that it sends, one every 15 s


def silent_after(name: str) -> int:
    """After how many seconds without a word process `name` is held for dead."""
    return SELDOM.get(name, SILENT_AFTER_S)


def beat(name: str) -> None:
    """Say that process `name` is alive, well within `silent_after`, and what it counted since.

    Never raises: Valkey may be away.
    """
    with suppress(RedisError):
        valkey().set(key(name), 1, ex=silent_after(name))
        counts.flush()


def alive(names: Iterable[str]) -> set[str] | None:
    """Those of these processes that said so in time; None where Valkey does not answer."""
    try:
        return {name for name in names if valkey().exists(key(name))}
    except RedisError:
        return None


def ages(names: Iterable[str]) -> dict[str, float]:
    """How many seconds ago each of these said so; without those that did not in time. Raises RedisError."""
    left = {name: valkey().pttl(key(name)) for name in names}
    return {name: max(0.0, silent_after(name) - ms / 1000) for name, ms in left.items() if ms > 0}


def key(name: str) -> str:
    """Where the heartbeat of process `name` stands in Valkey."""
    return f"callstore:alive:{name}"
