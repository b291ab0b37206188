"""Counts of processes that nobody scrapes: added up in memory, brought to Valkey with each heartbeat."""

from collections import Counter
from threading import Lock
from typing import cast

from redis import RedisError

from callstore.base.valkey import valkey

KEY = "callstore:counts"  # one hash for all processes: what they did since Valkey was emptied
_lock = Lock()
_counted: Counter[str] = Counter()


def add(name: str, times: int = 1) -> None:
    """Count something `times` more. Asks nobody; a process that is killed loses a few seconds of it."""
    with _lock:
        _counted[name] += times


def flush() -> None:
    """Bring to Valkey what was counted since. Never raises: what it does not take waits for the next time."""
    with _lock:
        counted = dict(_counted)
        _counted.clear()
    try:
        for name, times in counted.copy().items():
            valkey().hincrby(KEY, name, times)
            del counted[name]
    except RedisError:
        with _lock:
            _counted.update(counted)


def totals() -> dict[str, int]:
    """What all processes counted, by name. Raises RedisError."""
    counted = cast(dict[bytes, bytes], valkey().hgetall(KEY))
    return {name.decode(): int(times) for name, times in counted.items()}
