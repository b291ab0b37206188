"""What keeps this machine from keeping recordings now, for /readyz: said by fetchers, by way of Valkey."""

from callstore.base.valkey import valkey

KEY = "callstore:recordings:trouble"
LASTS_S = 3600  # unless it is said again; no wait for another attempt is longer than half an hour


def met(reason: str) -> None:
    """Say that a recording could not be kept, and why. Raises redis.RedisError, as do the others."""
    valkey().set(KEY, reason, ex=LASTS_S)


def over() -> None:
    """Say that one could be kept."""
    valkey().delete(KEY)


def told() -> str:
    """`ok`, or why the last recording could not be kept."""
    found = valkey().get(KEY)
    return found.decode() if isinstance(found, bytes) else "ok"
