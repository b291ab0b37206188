"""Valkey for who must not wait for it: one try and little patience.

The library's own retries would hold up a readiness check, a poll of the relay or its end by ten seconds.
"""

from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE_S = 2.0  # above a slow answer, below the patience of any balancer


@cache
def valkey() -> Redis:
    """The client of this process, for all its threads. Its commands raise redis.RedisError."""
    return client(settings.REDIS_URL)


def client(url: str) -> Redis:
    """Another one, of the Valkey at an address."""
    return Redis.from_url(
        url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S, retry=Retry(NoBackoff(), 0)
    )
