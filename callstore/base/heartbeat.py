"""Heartbeats: processes say in Valkey every few seconds that they are alive, and /readyz asks who did."""

from collections.abc import Iterable
from contextlib import suppress

from redis import RedisError

from callstore.base.valkey import valkey

BEAT_EVERY_S = 3.0
# Three missed beats and a slow start of one: longer would call a dead process alive, shorter a busy one dead.
SILENT_AFTER_S = 12


def beat(name: str) -> None:
    """Say that process `name` is alive, at least every BEAT_EVERY_S. Never raises: Valkey may be away."""
    with suppress(RedisError):
        valkey().set(key(name), 1, ex=SILENT_AFTER_S)


def alive(names: Iterable[str]) -> set[str] | None:
    """Those of these processes that said so within SILENT_AFTER_S; None where Valkey does not answer."""
    try:
        return {name for name in names if valkey().exists(key(name))}
    except RedisError:
        return None


def key(name: str) -> str:
    """Where the heartbeat of process `name` stands in Valkey."""
    return f"callstore:alive:{name}"
