"""Valkey for who must not wait for it: one try and little patience.

The library's own retries would hold up a readiness check, a poll of the relay or its end by ten seconds.
"""

from functools import cache
from time import monotonic
from typing import Any

from django.conf import settings
from redis import Redis, TimeoutError
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE_S = 2.0  # above a slow answer, below the patience of any balancer
# A scrape asks five things, one after the other, and its scraper waits for ten seconds in all.
AGAIN_AFTER_S = 1.0


class Impatient(Redis):
    """One that has just said nothing for as long as we wait is not asked again for a moment."""

    _silent_until = float("-inf")

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if monotonic() < self._silent_until:
            raise TimeoutError("It said nothing a moment ago.")
        try:
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        except TimeoutError:
            self._silent_until = monotonic() + AGAIN_AFTER_S
            raise


@cache
def valkey() -> Redis:
    """The client of this process, for all its threads. Its commands raise redis.RedisError."""
    return client(settings.REDIS_URL)


def client(url: str) -> Redis:
    """Another one, of the Valkey at an address."""
    return Impatient.from_url(
        url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S, retry=Retry(NoBackoff(), 0)
    )
